import type { DeviceView } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useState } from 'react';
import { deviceWords as words } from '../../strings/device-words.ts';
import { type DeviceCard, deviceCards } from '../../view-models/device-list.ts';
import { ageText } from '../age-text.ts';
import { PageBar } from '../page-bar.tsx';
import { useDevices } from '../use-devices.ts';
import type { Kiosk } from '../use-kiosk.ts';
import { DeviceScreen } from './device-screen.tsx';

interface DevicesScreenProps {
  kiosk: Kiosk;
  close(): void;
  showLetters(deviceId: string): void;
}

export function DevicesScreen({ kiosk, close, showLetters }: DevicesScreenProps) {
  const devices = useDevices(kiosk);
  const [openId, setOpenId] = useState('');
  const cards = deviceCards(devices.list?.devices ?? []);
  const open = cards.find(({ device }) => device.deviceId === openId);
  if (open) {
    return (
      <DeviceScreen
        kiosk={kiosk}
        card={open}
        devices={devices}
        close={() => setOpenId('')}
        showLetters={() => showLetters(openId)}
      />
    );
  }
  return (
    <section className="records">
      <PageBar title={words.title} back={words.back} close={close} />
      {devices.list && cards.length === 0 && <p>{words.none}</p>}
      <ul>
        {cards.map((card) => (
          <li key={card.device.deviceId}>
            <button
              type="button"
              className={`record ${card.tone}`}
              onClick={() => setOpenId(card.device.deviceId)}
            >
              <b>{card.device.deviceId}</b>
              <span>{words.kinds[card.device.kind]}</span>
              <span>{heardText(card.device)}</span>
              <em>{standingText(card)}</em>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function heardText({ lastSeen }: DeviceView): string {
  return lastSeen === undefined ? words.never : words.seen(ageText(lastSeen));
}

export function standingText({ device, tone }: DeviceCard): string {
  if (tone === 'pending' || tone === 'blocked') return words.standing[tone];
  const { portState } = device;
  if (portState !== '' && !device.online) return words.ports[portState] ?? portState;
  return device.online ? words.online : words.offline;
}

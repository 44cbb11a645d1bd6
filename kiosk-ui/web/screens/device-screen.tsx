import { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { useState } from 'react';
import { deviceWords as words } from '../../strings/device-words.ts';
import type { DeviceCard } from '../../view-models/device-list.ts';
import { ageText } from '../age-text.ts';
import { FactList } from '../fact-list.tsx';
import { PageBar } from '../page-bar.tsx';
import type { Devices } from '../use-devices.ts';
import type { Kiosk } from '../use-kiosk.ts';
import { DeviceApproval } from './device-approval.tsx';

interface DeviceScreenProps {
  kiosk: Kiosk;
  card: DeviceCard;
  devices: Devices;
  close(): void;
  showLetters(): void;
}

export function DeviceScreen({ kiosk, card, devices, close, showLetters }: DeviceScreenProps) {
  const { device } = card;
  const isManager = kiosk.session?.role === Role.MANAGER;
  const story = words.stories[device.distrustedFor];
  return (
    <section className={`record-page ${card.tone}`}>
      <PageBar title={device.deviceId} back={words.toList} close={close} />
      <p className="state">
        {words.kinds[device.kind]} · {words.standing[standingOf(device.standing)]} ·{' '}
        {device.online ? words.online : words.offline}
      </p>
      {story !== undefined && <p className="why">{story}</p>}
      <Facts card={card} />
      {!isManager && device.standing !== 'known' && <p className="why">{words.managersOnly}</p>}
      {isManager && device.standing !== 'known' && (
        <DeviceApproval
          device={device}
          slots={devices.list?.slots ?? []}
          models={devices.list?.models ?? []}
          decide={devices.decide}
        />
      )}
      {isManager && device.distrustedFor !== '' && (
        <button
          type="button"
          className="primary"
          onClick={() =>
            void devices.decide({ case: 'approveDevice', value: { deviceId: device.deviceId } })
          }
        >
          {words.trust}
        </button>
      )}
      <div className="ways-out">
        <button type="button" onClick={showLetters}>
          {words.showLetters}
        </button>
        {isManager && device.standing !== 'blocked' && (
          <BlockButton
            block={(reason) =>
              void devices.decide({
                case: 'blockDevice',
                value: { deviceId: device.deviceId, reason },
              })
            }
          />
        )}
      </div>
    </section>
  );
}

function standingOf(text: string): keyof typeof words.standing {
  return text === 'pending' || text === 'blocked' ? text : 'known';
}

function Facts({ card: { device } }: { card: DeviceCard }) {
  const { facts } = words;
  const port = [words.ports[device.portState] ?? device.portState, device.portCause];
  const shown: [label: string, text: string][] = [
    [facts.model, device.model || facts.unknown],
    [facts.slots, device.slotIds.join(', ') || '–'],
    [facts.lastSeen, device.lastSeen === undefined ? words.never : ageText(device.lastSeen)],
    [facts.rate, `${device.readingsPerMinute}`],
    [facts.battery, unitText(device.batteryPercent, '%')],
    [facts.signal, unitText(device.signalDbm, 'dBm')],
    [facts.accepted, `${device.accepted}`],
    [facts.refused, [`${device.refused}`, device.lastRefusedReason].filter(Boolean).join(' · ')],
    [facts.missed, `${device.missed}`],
  ];
  if (device.portState !== '') shown.push([facts.port, port.filter(Boolean).join(': ')]);
  return <FactList facts={shown} />;
}

function unitText(value: number | undefined, unit: string): string {
  return value === undefined ? words.facts.unknown : `${value} ${unit}`;
}

function BlockButton({ block }: { block(reason: string): void }) {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <button type="button" onClick={() => setAsking(true)}>
        {words.block}
      </button>
    );
  }
  return (
    <fieldset className="reasons">
      <legend>{words.whyBlock}</legend>
      {words.blockReasons.map((reason) => (
        <button key={reason} type="button" onClick={() => block(reason)}>
          {reason}
        </button>
      ))}
    </fieldset>
  );
}

/** Devices with their slots, read anew every few seconds while a device screen is open. */
import {
  type ListDevicesResponse,
  Outcome,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Device } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { useCallback, useEffect, useState } from 'react';
import { uuidv7 } from 'uuidv7';
import { reasonOf } from '../api-client/kiosk-client.ts';
import { deviceWords } from '../strings/device-words.ts';
import { type Kiosk, refusalText } from './use-kiosk.ts';

const refreshMs = 3_000;

export type DeviceAction =
  | { case: 'approveDevice'; value: { deviceId: string; assignment?: Device } }
  | { case: 'blockDevice'; value: { deviceId: string; reason: string } };

export interface Devices {
  list: ListDevicesResponse | undefined;
  /** Acts at once: a decision about a device is not one to send later. */
  decide(action: DeviceAction): Promise<void>;
}

export function useDevices({ client, setNotice }: Kiosk): Devices {
  const [list, setList] = useState<ListDevicesResponse>();

  const read = useCallback(async () => {
    try {
      setList(await client.listDevices({}));
    } catch (error) {
      setNotice(refusalText(reasonOf(error)));
    }
  }, [client, setNotice]);

  useEffect(() => {
    void read();
    const timer = setInterval(() => void read(), refreshMs);
    return () => clearInterval(timer);
  }, [read]);

  const decide = useCallback(
    async (action: DeviceAction) => {
      try {
        const answer = await client.act({ actionId: uuidv7(), seenVersion: 0, action });
        const isRefused = answer.outcome === Outcome.REFUSED;
        setNotice(isRefused ? deviceWords.refused(answer.expected) : '');
      } catch (error) {
        setNotice(refusalText(reasonOf(error)));
      }
      await read();
    },
    [client, read, setNotice],
  );

  return { list, decide };
}

import { create, toBinary } from '@bufbuild/protobuf';
import { EventSchema, Lane } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { describe, expect, it } from 'vitest';
import { judgeBatch, type LaneAddress } from './batch.ts';

const address: LaneAddress = {
  storeGln: '4012345000009',
  epoch: '00'.repeat(16),
  lane: Lane.BUSINESS,
};

type Payload = NonNullable<Parameters<typeof create<typeof EventSchema>>[1]>['payload'];

function eventBytes(laneSequence: number, payload: Payload): Uint8Array {
  const { storeGln, lane } = address;
  const epoch = new Uint8Array(16);
  const common = { storeGln, epoch, lane, laneSequence: BigInt(laneSequence) };
  return toBinary(
    EventSchema,
    create(EventSchema, { ...common, ...(payload === undefined ? {} : { payload }) }),
  );
}

const applied = (laneSequence: number, version: string) =>
  eventBytes(laneSequence, { case: 'masterDataApplied', value: { masterData: { version } } });
const other = (laneSequence: number) => eventBytes(laneSequence, { case: 'logStarted', value: {} });

describe('a batch at HQ', () => {
  it('passes over what is here already and asks for what is missing', () => {
    const events = [other(5), other(6), other(7)];
    const verdict = judgeBatch(address, 6, 5, events);
    expect(verdict).toMatchObject({ kind: 'accepted', throughSequence: 7 });
    expect(verdict.kind === 'accepted' && verdict.events.map((one) => one.sequence)).toEqual([7]);
    expect(judgeBatch(address, 3, 5, events)).toEqual({ kind: 'gap', expectedSequence: 4 });
  });

  it('tells the newest version of master data that the store applied', () => {
    const events = [applied(1, 'v1'), other(2), applied(3, 'v2'), other(4)];
    expect(judgeBatch(address, 0, 1, events)).toMatchObject({ masterDataVersion: 'v2' });
    expect(judgeBatch(address, 3, 1, events)).toMatchObject({ masterDataVersion: null });
  });

  it('puts what it cannot use into quarantine and believes none of it', () => {
    const foreign = toBinary(
      EventSchema,
      create(EventSchema, {
        storeGln: '4012345000016',
        payload: { case: 'masterDataApplied', value: { masterData: { version: 'v9' } } },
      }),
    );
    const verdict = judgeBatch(address, 0, 1, [Uint8Array.of(255), foreign]);
    expect(verdict).toMatchObject({ masterDataVersion: null, throughSequence: 2 });
    const reasons = verdict.kind === 'accepted' && verdict.events.map((e) => e.quarantineReason);
    expect(reasons).toEqual([
      expect.stringContaining('cannot be decoded'),
      'says store 4012345000016',
    ]);
  });
});

/**
 * An input as bytes and back, for recording a live run and replaying it headless. The recorded
 * inputs with their moments are all that the core saw, so a replay gives the same events.
 */
import { type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire';
import { ReadingSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { TillSaleSchema } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import { DeviceProfilesAppliedSchema } from '@stockhand/proto/events/v1alpha/device_events_pb.js';
import { PolicyActivatedSchema } from '@stockhand/proto/events/v1alpha/governance_events_pb.js';
import { PlanProposedSchema } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { ActRequestSchema } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { CommandSchema } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import type { Input } from '../input.ts';

/** Which member of which kind of input is a message. */
const messages = {
  reading: { member: 'reading', schema: ReadingSchema },
  sale: { member: 'sale', schema: TillSaleSchema },
  action: { member: 'action', schema: ActRequestSchema },
  plan: { member: 'proposed', schema: PlanProposedSchema },
  profiles: { member: 'applied', schema: DeviceProfilesAppliedSchema },
  policy: { member: 'policy', schema: PolicyActivatedSchema },
  'hq-command': { member: 'command', schema: CommandSchema },
} as const;

type MessageKind = keyof typeof messages;

const isMessageKind = (kind: string): kind is MessageKind => kind in messages;

/** UTF-8 JSON; the message inside as base64 of its binary form. */
export function recordInput(input: Input): Uint8Array {
  const record: Record<string, unknown> = { ...input };
  if (isMessageKind(input.kind)) {
    const { member, schema } = messages[input.kind];
    // The table pairs each kind with the schema of its member.
    const message = record[member] as MessageShape<DescMessage>;
    record[member] = base64Encode(toBinary(schema as DescMessage, message));
  }
  return new TextEncoder().encode(JSON.stringify(record));
}

/** Reads what `recordInput` wrote. Throws when it did not. */
export function readInputRecord(bytes: Uint8Array): Input {
  const record = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  const { kind } = record;
  if (typeof kind === 'string' && isMessageKind(kind)) {
    const { member, schema } = messages[kind];
    record[member] = fromBinary(schema as DescMessage, base64Decode(String(record[member])));
  }
  // Written by recordInput of this release.
  return record as unknown as Input;
}

/** HQ's word on an order: kept, and queued as a command to its store, in one transaction. */
import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { CommandSchema } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { answerFaultOf, type OrderAnswer } from '../orders/placed-order.ts';
import type { HqStore } from './hq-store.ts';

export type AnswerResult = { ok: true; sequence: number } | { ok: false; fault: string };

export function answerOrder(
  store: HqStore,
  storeGln: string,
  proposalId: string,
  answer: OrderAnswer,
  atMs: number,
): AnswerResult {
  const fault = answerFaultOf(answer);
  if (fault !== null) return { ok: false, fault: `expected ${fault}` };
  const { accepted, orderNumber, reason, expectedAtMs } = answer;
  const value = {
    proposalId,
    accepted,
    orderNumber: accepted ? orderNumber : '',
    reason,
    ...(expectedAtMs === null ? {} : { expectedAt: timestampFromMs(expectedAtMs) }),
  };
  const encode = (sequence: number) =>
    toBinary(
      CommandSchema,
      create(CommandSchema, {
        hqEpoch: store.epoch,
        sequence: BigInt(sequence),
        issuedAt: timestampFromMs(atMs),
        command: { case: 'answerOrder', value },
      }),
    );
  const sequence = store.answerOrder(storeGln, proposalId, answer, atMs, encode);
  if (sequence === null) {
    return { ok: false, fault: `store ${storeGln} has no order ${proposalId} that waits` };
  }
  return { ok: true, sequence };
}

import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { Severity } from '@stockhand/proto/events/v1alpha/exception_events_pb.js';
import {
  type ExceptionViewSchema,
  ListExceptionsResponseSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { expect, it } from 'vitest';
import { decisionCards } from './decision-list.ts';

const at = (minutes: number) => timestampFromMs(minutes * 60_000);

function exception(
  exceptionId: string,
  type: string,
  more: Omit<MessageInitShape<typeof ExceptionViewSchema>, '$typeName'> = {},
) {
  const severity = Severity.WARNING;
  return { exceptionId, type, severity, deadline: at(60), answerable: true, ...more };
}

const list = (init: Omit<MessageInitShape<typeof ListExceptionsResponseSchema>, '$typeName'>) =>
  decisionCards(create(ListExceptionsResponseSchema, init));

it('shows first what I may answer, then the most severe, then what is due first', () => {
  const cards = list({
    exceptions: [
      exception('x-1', 'cold-chain-breach', { severity: Severity.URGENT, answerable: false }),
      exception('x-2', 'delivery-over', { severity: Severity.NOTE }),
      exception('x-3', 'delivery-short', { deadline: at(90) }),
      exception('x-4', 'delivery-late', { deadline: at(30) }),
    ],
  });
  expect(cards.map(({ id }) => id)).toEqual(['x-4', 'x-3', 'x-2', 'x-1']);
  expect(cards.map(({ tone }) => tone)).toEqual(['warning', 'warning', 'note', 'urgent']);
});

it('shows an approval once, without the exception that announces it', () => {
  const cards = list({
    exceptions: [exception('x-1', 'approval-needed', { subjects: [{ id: 'a-1' }, { id: '123' }] })],
    approvals: [{ approvalId: 'a-1', decidable: true, expiresAt: at(480) }],
  });
  expect(cards).toMatchObject([{ kind: 'approval', id: 'a-1', isMine: true, tone: 'warning' }]);
  expect(cards[0]?.dueMs).toBe(timestampMs(at(480)));
});

it('shows a substitution once, due when its exception goes on to the next role', () => {
  const subjects = [{ id: 'K1' }, { id: 'jam' }];
  const cards = list({
    exceptions: [
      exception('x-1', 'substitution-needed', { subjects }),
      exception('x-2', 'substitution-needed', { subjects: [{ id: 'K2' }, { id: 'jam' }] }),
    ],
    substitutions: [{ substitutionId: 's-1', orderId: 'K1', gtin: 'jam' }],
  });
  expect(cards.map(({ kind, id }) => [kind, id])).toEqual([
    ['substitution', 's-1'],
    ['exception', 'x-2'],
  ]);
  expect(cards[0]?.dueMs).toBe(timestampMs(at(60)));
});

it('keeps the exception of an approval that the list does not hold', () => {
  const cards = list({ exceptions: [exception('x-1', 'approval-needed', { answerable: false })] });
  expect(cards.map(({ kind }) => kind)).toEqual(['exception']);
});

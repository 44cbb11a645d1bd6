import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Task } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { ClockText } from './clock-text.tsx';
import { useNow } from './use-now.ts';

/** The clock of a task that has one: cold goods, or a customer's promise. */
export function TaskDue({ task: { dueAt } }: { task: Task }) {
  const nowMs = useNow();
  if (!dueAt) return null;
  return <ClockText deadlineMs={timestampMs(dueAt)} nowMs={nowMs} />;
}

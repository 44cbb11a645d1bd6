/**
 * A look that nobody took within half a day has lost its sense: the shelf has been seen by sensors, tills
 * and people since, and a new doubt asks anew. Other work stays until it is done or no longer wanted.
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Recorder } from '../events/recorder.ts';
import { workActor } from './task-creation.ts';

export const lookLifeMs = 12 * 3_600_000;

export function expireTasks(recorder: Recorder): void {
  const { nowMs } = recorder.moment;
  for (const { taskId, type, status, createdAtMs } of [...recorder.state.tasks.open.values()]) {
    if (type !== TaskType.LOOK || status !== TaskStatus.OPEN) continue;
    if (nowMs - createdAtMs < lookLifeMs) continue;
    recorder.record('taskExpired', { taskId, reason: 'not-begun' }, { actor: workActor });
  }
}

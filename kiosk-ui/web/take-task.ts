import type { TaskCard } from '../view-models/task-list.ts';
import type { Kiosk } from './use-kiosk.ts';

/** One touch takes a task and begins it, and goes on with what was put down. */
export function takeTask({ queue }: Kiosk, { task, standing, isPaused }: TaskCard): void {
  if (standing !== 'open' && !isPaused) return;
  queue.add({ case: 'startTask', value: { taskId: task.taskId } }, task.version);
}

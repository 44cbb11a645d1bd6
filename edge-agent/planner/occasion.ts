/** What makes a new plan worthwhile, in words for people; the weightiest of several is told. */
import type { StoreEvent } from '../events/event.ts';

export interface Occasion {
  words: string;
  rank: number;
}

/** From here on a new task is worth telling by name. */
const urgentPpm = 600_000;

/** Null for an event that changes no order of work. */
export function occasionOf({ payload }: StoreEvent): Occasion | null {
  switch (payload.case) {
    case 'priorityOverridden':
      return { words: `a lead’s choice: ${payload.value.reason}`, rank: 9 };
    case 'shiftChanged':
      return { words: `people changed: ${payload.value.reason}`, rank: 8 };
    case 'rosterApplied':
      return { words: 'a new roster', rank: 7 };
    case 'taskBlocked':
      return { words: `a task is blocked: ${payload.value.reason}`, rank: 6 };
    case 'deliveryDelayed':
      return { words: `delivery ${payload.value.deliveryId} comes later`, rank: 6 };
    case 'transportReported':
      return { words: `news of delivery ${payload.value.deliveryId}`, rank: 5 };
    case 'taskCreated': {
      const { urgencyPpm, explanation } = payload.value;
      return urgencyPpm >= urgentPpm
        ? { words: `urgent: ${explanation}`, rank: 5 }
        : { words: 'a new task', rank: 3 };
    }
    case 'taskChanged':
      return { words: 'a task became more or less urgent', rank: 2 };
    case 'staffSignedIn':
    case 'staffSignedOut':
      return { words: 'people came or went', rank: 4 };
    case 'taskReleased':
      return { words: 'a task was given back', rank: 4 };
    case 'taskClaimed':
    case 'taskDone':
    case 'taskDoneShort':
    case 'taskCancelled':
    case 'taskPaused':
      return { words: 'work went on', rank: 1 };
    default:
      return null;
  }
}

/**
 * Which tasks the board shows, in which order, and which one is next for the person at the screen.
 *
 * The agent ranks: `urgencyPpm` comes from the core. The board only adds what depends on who looks.
 * A task in my own hands stays on top until it is finished, because leaving goods on a cart for
 * something slightly more urgent costs more than it gains; one that I put down comes behind it. After that come the stops that the plan has
 * for me, in its order, then what is in nobody's route, then what it has for others; within these the
 * most urgent first, equally urgent ones by age, then by id, so that the list never jitters.
 * Tasks that a colleague has are listed behind the open ones, blocked ones last.
 *
 * An action that is still on its way to the agent counts as done for the order ("next" must not
 * offer a task again that was just finished), but the card says that it is being sent.
 *
 * Example: Ada has claimed the beans (urgency 400,000), milk is open at 900,000, rice is Ben's. Ada
 * sees beans as next, then milk, then rice. Ben sees rice, then milk, then beans.
 */
import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import { type Task, TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';

/** Three steps are what people tell apart at a glance. */
export type Urgency = 'now' | 'soon' | 'later';

export const urgentFromPpm = 800_000;
export const soonFromPpm = 400_000;

/** What an action on its way to the agent means for its task. */
export type PendingAction = 'claim' | 'release' | 'finish' | 'block' | 'pause';

export interface TaskCard {
  task: Task;
  urgency: Urgency;
  standing: 'open' | 'mine' | 'taken' | 'blocked';
  /** Put down for a while, by whoever has it. */
  isPaused: boolean;
  /** Set while an action of this kiosk on the task has not been answered by the agent. */
  pending: PendingAction | undefined;
}

export interface TaskBoard {
  next: TaskCard | undefined;
  /** All others, in the order in which they should be done. */
  others: TaskCard[];
  /** Finished or blocked here, answer of the agent still awaited. */
  leaving: TaskCard[];
}

export function urgencyOf(urgencyPpm: number): Urgency {
  if (urgencyPpm >= urgentFromPpm) return 'now';
  return urgencyPpm >= soonFromPpm ? 'soon' : 'later';
}

function standingOf(
  task: Task,
  personRef: string,
  pending: PendingAction | undefined,
): TaskCard['standing'] | undefined {
  switch (task.status) {
    case TaskStatus.OPEN:
      return pending === 'claim' ? 'mine' : 'open';
    case TaskStatus.CLAIMED:
    case TaskStatus.STARTED:
    case TaskStatus.PAUSED:
      if (pending === 'release') return 'open';
      return task.claimedByRef === personRef ? 'mine' : 'taken';
    case TaskStatus.BLOCKED:
      return 'blocked';
    case TaskStatus.DONE:
    case TaskStatus.DONE_SHORT:
    case TaskStatus.CANCELLED:
    case TaskStatus.EXPIRED:
    case TaskStatus.UNSPECIFIED:
      return undefined;
  }
}

const rankByStanding = { mine: 0, open: 1, taken: 2, blocked: 3 } as const;

function createdMs(createdAt: Timestamp | undefined): number {
  return createdAt === undefined ? 0 : timestampMs(createdAt);
}

/** By the plan: my own stops in their order, then what is in nobody's route, then the others' stops. */
function planRank({ plannedForRef, plannedRank }: Task, personRef: string): number {
  if (plannedForRef === '') return unplannedRank;
  return plannedForRef === personRef ? plannedRank : unplannedRank + 1;
}

const unplannedRank = 1_000_000;

function compareCards(left: TaskCard, right: TaskCard, personRef: string): number {
  return (
    rankByStanding[left.standing] - rankByStanding[right.standing] ||
    Number(left.isPaused) - Number(right.isPaused) ||
    planRank(left.task, personRef) - planRank(right.task, personRef) ||
    right.task.urgencyPpm - left.task.urgencyPpm ||
    createdMs(left.task.createdAt) - createdMs(right.task.createdAt) ||
    (left.task.taskId < right.task.taskId ? -1 : 1)
  );
}

/** Cards for one person; `pendingByTask` holds the latest unanswered action of this kiosk. */
export function taskBoard(
  tasks: readonly Task[],
  personRef: string,
  pendingByTask: ReadonlyMap<string, PendingAction>,
): TaskBoard {
  const cards: TaskCard[] = [];
  const leaving: TaskCard[] = [];
  for (const task of tasks) {
    const pending = pendingByTask.get(task.taskId);
    const standing = standingOf(task, personRef, pending);
    if (standing === undefined) continue;
    const isPaused =
      pending === 'pause' || (task.status === TaskStatus.PAUSED && pending !== 'claim');
    const card = { task, urgency: urgencyOf(task.urgencyPpm), standing, isPaused, pending };
    if (pending === 'finish' || pending === 'block') leaving.push(card);
    else cards.push(card);
  }
  const inOrder = (one: TaskCard, other: TaskCard) => compareCards(one, other, personRef);
  cards.sort(inOrder);
  leaving.sort(inOrder);
  const [first, ...rest] = cards;
  const isNext = first !== undefined && (first.standing === 'mine' || first.standing === 'open');
  return isNext
    ? { next: first, others: rest, leaving }
    : { next: undefined, others: cards, leaving };
}

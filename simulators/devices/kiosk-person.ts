/**
 * One virtual person at a kiosk of their own: signs in by badge, watches the board, takes what is next
 * and says what was done, through the very calls, queue and order of tasks that the kiosk page has. An
 * action whose answer got lost goes out again with its id, and an ended session is begun anew.
 */
import {
  type Action,
  ActionQueue,
  type ActionStorage,
} from '@stockhand/kiosk-ui/api-client/action-queue.ts';
import { type KioskClient, kioskClient } from '@stockhand/kiosk-ui/api-client/kiosk-client.ts';
import { watchStore } from '@stockhand/kiosk-ui/api-client/store-stream.ts';
import { type PendingAction, taskBoard } from '@stockhand/kiosk-ui/view-models/task-list.ts';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import {
  type ActRequest,
  type ActResponse,
  Outcome,
  type Task,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { baseUnitsOf, quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import type { RefillTask } from '../store/staff.ts';

export interface StaffMember {
  personRef: string;
  /** What their badge says when it is scanned. */
  badge: string;
}

/** Until master data has come, nobody is known; and the agent may be away. */
const signInAgainMs = 1_000;

/** What a browser's local storage does, for as long as this process lives. */
class MemoryStorage implements ActionStorage {
  readonly #texts = new Map<string, string>();

  getItem(key: string): string | null {
    return this.#texts.get(key) ?? null;
  }

  setItem(key: string, text: string): void {
    this.#texts.set(key, text);
  }
}

export class KioskPerson {
  readonly member: StaffMember;
  readonly #client: KioskClient;
  readonly #queue: ActionQueue;
  readonly #answers = new Map<string, (response: ActResponse | null) => void>();
  /** Finished here while the board may still show them. */
  readonly #finished = new Map<string, PendingAction>();
  #tasks: readonly Task[] = [];
  #token = '';
  #stopWatching: () => void = () => {};
  #signInTimer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(baseUrl: string, member: StaffMember) {
    this.member = member;
    this.#client = kioskClient(baseUrl, () => this.#token);
    const events = {
      changed: () => {},
      answered: ({ actionId }: ActRequest, response: ActResponse) =>
        this.#answer(actionId, response),
      dropped: ({ actionId }: ActRequest) => this.#answer(actionId, null),
    };
    const person = () => this.member.personRef;
    this.#queue = new ActionQueue(this.#client, new MemoryStorage(), events, person);
  }

  start(): void {
    void this.#signIn();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#signInTimer);
    this.#stopWatching();
  }

  /** What is in this person's hands, else the most urgent refill that nobody has. */
  nextRefill(): RefillTask | null {
    const refills = this.#tasks.filter(({ type }) => type === TaskType.REFILL);
    const { next } = taskBoard(refills, this.member.personRef, this.#finished);
    if (!next) return null;
    const { taskId, version, slotId, gtin, fromPlaceId, quantity } = next.task;
    return { taskId, version, slotId, gtin, fromPlaceId, pieces: baseUnitsOf(quantity) };
  }

  claim({ taskId, version }: RefillTask): Promise<boolean> {
    return this.#act({ case: 'claimTask', value: { taskId } }, version);
  }

  begin({ taskId, version }: RefillTask): Promise<boolean> {
    return this.#act({ case: 'startTask', value: { taskId } }, version);
  }

  /** The task's wish may have grown since; then the kiosk asks for a reason, as the page would. */
  async complete(task: RefillTask, placedPieces: number, scan: string): Promise<boolean> {
    const { taskId, version } = task;
    const isShort = placedPieces < this.#piecesNow(task);
    const shortReason = isShort ? 'no more room or no more goods' : '';
    const quantity = quantityMessage(placedPieces, 'pieces');
    this.#finished.set(taskId, 'finish');
    const value = { taskId, quantity, scan, shortReason };
    const isDone = await this.#act({ case: 'completeTask', value }, version);
    if (!isDone) this.#finished.delete(taskId);
    return isDone;
  }

  #piecesNow({ taskId, pieces }: RefillTask): number {
    const shown = this.#tasks.find((task) => task.taskId === taskId);
    return Math.max(pieces, baseUnitsOf(shown?.quantity));
  }

  async #signIn(): Promise<void> {
    const kioskId = `virtual-${this.member.personRef}`;
    try {
      const { sessionToken } = await this.#client.signIn({
        kioskId,
        credential: { case: 'badge', value: this.member.badge },
      });
      this.#token = sessionToken;
    } catch {
      if (!this.#isStopped) {
        this.#signInTimer = setTimeout(() => void this.#signIn(), signInAgainMs);
      }
      return;
    }
    if (this.#isStopped) return;
    this.#stopWatching = watchStore(this.#client, kioskId, {
      link: () => {},
      message: ({ message }) => {
        if (message.case === 'board') this.#see(message.value.tasks);
      },
      sessionEnded: () => void this.#signIn(),
    });
    void this.#queue.send();
  }

  #see(tasks: readonly Task[]): void {
    this.#tasks = tasks;
    for (const taskId of this.#finished.keys()) {
      if (!tasks.some((task) => task.taskId === taskId)) this.#finished.delete(taskId);
    }
  }

  /** Resolves with whether it was accepted, when the agent has answered. */
  async #act(action: Action, seenVersion: number): Promise<boolean> {
    const answered = new Promise<ActResponse | null>((resolve) => {
      this.#answers.set(this.#queue.add(action, seenVersion), resolve);
    });
    const response = await answered;
    return response !== null && response.outcome !== Outcome.REFUSED;
  }

  #answer(actionId: string, response: ActResponse | null): void {
    this.#answers.get(actionId)?.(response);
    this.#answers.delete(actionId);
  }
}

/**
 * Actions on their way to the agent. Each has an id made here, and it stays in local storage until the
 * agent has answered: after a lost connection, a reload or a restart the same action goes out again,
 * and the agent knows it by its id. They go one after the other, in their order.
 *
 * An action says which version of its task the person saw. A person who took a task and finishes it
 * has seen what the taking made of it, even when the board has not shown it yet (the connection was
 * lost in between); so the version in the agent's answer counts as seen.
 *
 * An action belongs to whoever was signed in. When that session ends before the agent was reached (the
 * handheld lay in the cold store for an hour), it waits until the same person signs in again: nobody's
 * work is lost, and nobody's work goes out under another name.
 */
import { create, fromJsonString, toJsonString } from '@bufbuild/protobuf';
import {
  type ActRequest,
  ActRequestSchema,
  type ActResponse,
  Outcome,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { uuidv7 } from 'uuidv7';
import { type KioskClient, reasonOf } from './kiosk-client.ts';

export type Action = NonNullable<Parameters<typeof create<typeof ActRequestSchema>>[1]>['action'];

export interface ActionQueueEvents {
  /** The queue changed. */
  changed(waiting: readonly ActRequest[]): void;
  answered(request: ActRequest, response: ActResponse): void;
  /** The agent would not take it at all (signed out, not allowed); it is dropped. */
  dropped(request: ActRequest, reason: string): void;
}

/** An action and whose it is; empty for one that an earlier version of the page left. */
interface Entry {
  personRef: string;
  request: ActRequest;
}

/** What the queue needs of a browser's local storage. */
export type ActionStorage = Pick<Storage, 'getItem' | 'setItem'>;

const storageKey = 'stockhand-actions';
const retryMs = 2_000;
/** Nobody does more while the agent is away. */
export const waitingLimit = 200;

export class ActionQueue {
  readonly #client: KioskClient;
  readonly #storage: ActionStorage;
  readonly #events: ActionQueueEvents;
  readonly #signedIn: () => string;
  #waiting: Entry[];
  #isSending = false;
  /** Versions that our own actions led to, by task. */
  readonly #ownVersions = new Map<string, number>();

  /** @param signedIn who is signed in, by reference; empty for nobody */
  constructor(
    client: KioskClient,
    storage: ActionStorage,
    events: ActionQueueEvents,
    signedIn: () => string,
  ) {
    this.#client = client;
    this.#storage = storage;
    this.#events = events;
    this.#signedIn = signedIn;
    this.#waiting = restored(storage);
  }

  get waiting(): readonly ActRequest[] {
    return this.#waiting.map(({ request }) => request);
  }

  /**
   * Takes an action in, and sends it as soon as it can. Answers the action's id.
   * @throws RangeError when too many wait
   */
  add(action: Action, seenVersion: number): string {
    if (this.#waiting.length >= waitingLimit) throw new RangeError('too many actions wait');
    const request = create(ActRequestSchema, {
      actionId: uuidv7(),
      seenVersion,
      ...(action === undefined ? {} : { action }),
    });
    this.#change([...this.#waiting, { personRef: this.#signedIn(), request }]);
    void this.send();
    return request.actionId;
  }

  /** Sends what waits; called after sign-in and when the connection is back. */
  async send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) {
        const sent = next;
        if (!(await this.#sendOne(sent.request))) break;
        this.#change(this.#waiting.filter((entry) => entry !== sent));
      }
    } finally {
      this.#isSending = false;
    }
    if (this.#next() !== undefined) setTimeout(() => void this.send(), retryMs);
  }

  /** The oldest action of whoever is signed in. */
  #next(): Entry | undefined {
    const person = this.#signedIn();
    if (person === '') return undefined;
    return this.#waiting.find(({ personRef }) => personRef === person || personRef === '');
  }

  /** False: keep it, the agent was not reached or could not record it. */
  async #sendOne(request: ActRequest): Promise<boolean> {
    const { value } = request.action;
    const taskId = value !== undefined && 'taskId' in value ? value.taskId : '';
    const seenVersion = Math.max(request.seenVersion, this.#ownVersions.get(taskId) ?? 0);
    try {
      const response = await this.#client.act({ ...request, seenVersion });
      if (response.outcome !== Outcome.REFUSED) {
        this.#ownVersions.set(taskId, response.taskVersion);
      }
      this.#events.answered(request, response);
      return true;
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === '' || keptFor.has(reason)) return false;
      this.#events.dropped(request, reason);
      return true;
    }
  }

  #change(waiting: Entry[]): void {
    this.#waiting = waiting;
    const kept = waiting.map(({ personRef, request }) => ({
      personRef,
      action: toJsonString(ActRequestSchema, request),
    }));
    this.#storage.setItem(storageKey, JSON.stringify(kept));
    this.#events.changed(this.waiting);
  }
}

/** Nothing was decided about the action: it goes out again, after sign-in where that is needed. */
const keptFor: ReadonlySet<string> = new Set([
  'not-recorded',
  'stopping',
  'session-ended',
  'not-signed-in',
]);

/** What an earlier page left; what cannot be read is left behind. */
function restored(storage: ActionStorage): Entry[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(storageKey) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.map((one: { personRef?: string; action?: string } | string) => {
      const isOld = typeof one === 'string';
      const text = isOld ? one : (one.action ?? '');
      const personRef = isOld ? '' : (one.personRef ?? '');
      return { personRef, request: fromJsonString(ActRequestSchema, text) };
    });
  } catch {
    return [];
  }
}

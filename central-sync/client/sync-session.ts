/**
 * One connection to HQ, from Hello to its end.
 *
 * HQ says in Welcome how far it is in each lane, and the store sends on from there: what was sent
 * before and not acknowledged is simply sent again, and HQ knows it by its sequence. Live business
 * events come before telemetry. No more than HQ's credit is under way. An acknowledgement moves the
 * store's cursor; a command is receipted when it is in the store's log.
 */
import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { Lane } from '@stockhand/proto/events/v1alpha/event_pb.js';
import {
  type Command,
  type SyncRequest,
  SyncRequestSchema,
  type SyncResponse,
  type Welcome,
} from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import type { ApplyCommand, Log, SyncLog } from './ports.ts';

/** Business first: telemetry fills what is left of the credit. */
export const lanes = [Lane.BUSINESS, Lane.TELEMETRY] as const;
export const batchLimit = 500;

export interface SessionOptions {
  storeGln: string;
  installationId: string;
  agentVersion: string;
  lastCommand(): { hqEpoch: string; sequence: number };
  masterDataVersion(): string;
  log: SyncLog;
  applyCommand: ApplyCommand;
  logger: Log;
  welcomed(): void;
}

export type SyncStream = ClientDuplexStream<SyncRequest, SyncResponse>;

export class SyncSession {
  readonly #options: SessionOptions;
  readonly #stream: SyncStream;
  readonly #next = new Map<Lane, number>();
  readonly #acknowledged = new Map<Lane, number>();
  #credit = 0;
  #isWelcome = false;
  #isBlocked = false;
  #commands: Promise<void> = Promise.resolve();

  constructor(options: SessionOptions, stream: SyncStream) {
    this.#options = options;
    this.#stream = stream;
    stream.on('data', (response: SyncResponse) => this.#attempt(() => this.#receive(response)));
    stream.on('drain', () => {
      this.#isBlocked = false;
      this.pump();
    });
    this.#attempt(() => this.#hello());
  }

  /**
   * A disk that fails here must not end the agent: the stream is given up, and its owner comes again with
   * what the log then holds.
   */
  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'sync-interrupted');
      this.#isWelcome = false;
      this.#stream.cancel();
    }
  }

  /** Sends what the credit allows; called after each commit and each acknowledgement. */
  pump(): void {
    if (this.#isWelcome) this.#attempt(() => this.#sendAll());
  }

  #sendAll(): void {
    for (const lane of lanes) {
      while (!this.#isBlocked) {
        const room = this.#credit - this.#underWay();
        const next = this.#next.get(lane) ?? 1;
        if (room <= 0 || next > this.#options.log.laneSequence(lane)) break;
        this.#sendBatch(lane, next, Math.min(room, batchLimit));
      }
    }
  }

  #hello(): void {
    const { storeGln, installationId, agentVersion, log } = this.#options;
    const command = this.#options.lastCommand();
    this.#send({
      case: 'hello',
      value: {
        storeGln,
        installationId,
        epoch: log.epoch,
        agentVersion,
        lanes: lanes.map((lane) => {
          const cursor = log.cursor(lane);
          return {
            lane,
            sequence: BigInt(log.laneSequence(lane)),
            hash: cursor.hash,
            acknowledgedSequence: BigInt(cursor.sequence),
          };
        }),
        lastCommandHqEpoch: command.hqEpoch,
        lastCommandSequence: BigInt(command.sequence),
        masterDataVersion: this.#options.masterDataVersion(),
      },
    });
  }

  #receive(response: SyncResponse): void {
    const { message } = response;
    switch (message.case) {
      case 'welcome':
        return this.#welcome(message.value);
      case 'ack': {
        const { lane, throughSequence, creditEvents } = message.value;
        this.#credit = creditEvents;
        this.#acknowledge(lane, Number(throughSequence));
        return this.pump();
      }
      case 'command':
        return this.#takeCommand(message.value);
      case 'notice':
        return this.#options.logger.warn({ ...message.value }, 'hq-notice');
      default:
        // A newer HQ may say more than this release knows.
        return;
    }
  }

  #welcome(welcome: Welcome): void {
    const { log, logger } = this.#options;
    for (const lane of lanes) {
      const mark = welcome.lanes.find((one) => one.lane === lane);
      const known = Number(mark?.sequence ?? 0n);
      if (known > log.laneSequence(lane)) {
        // This log was restored or copied: sending on would put other events under used numbers.
        logger.warn({ lane, known, own: log.laneSequence(lane) }, 'hq-knows-more-than-this-log');
        this.#stream.cancel();
        return;
      }
      if (mark !== undefined && this.#isOther(lane, known, mark.hash)) {
        // Restored, and grown past HQ's mark since: under the same numbers HQ holds other events.
        logger.warn({ lane, known }, 'hq-holds-other-events-than-this-log');
        this.#stream.cancel();
        return;
      }
      this.#next.set(lane, known + 1);
      this.#acknowledge(lane, known);
    }
    this.#credit = welcome.creditEvents;
    this.#isWelcome = true;
    this.#options.welcomed();
    this.pump();
  }

  /** Whether HQ's last event of the lane is another than the one of that number in this log. */
  #isOther(lane: Lane, sequence: number, hash: Uint8Array): boolean {
    if (sequence === 0 || hash.length === 0) return false;
    const [row] = this.#options.log.readLane(lane, sequence, 1);
    return row !== undefined && !createHash('sha256').update(row.bytes).digest().equals(hash);
  }

  /** The cursor is behind HQ's mark when the last session ended between its ack and our saving. */
  #acknowledge(lane: Lane, sequence: number): void {
    const { log } = this.#options;
    this.#acknowledged.set(lane, Math.max(sequence, this.#acknowledged.get(lane) ?? 0));
    if (sequence <= log.cursor(lane).sequence) return;
    const [row] = log.readLane(lane, sequence, 1);
    if (row) log.saveCursor(lane, sequence, createHash('sha256').update(row.bytes).digest());
  }

  /** In order; a command that could not be recorded ends the session and comes again. */
  #takeCommand(command: Command): void {
    const { applyCommand, logger } = this.#options;
    this.#commands = this.#commands.then(async () => {
      try {
        await applyCommand(command);
        const { hqEpoch, sequence } = command;
        this.#send({ case: 'receipt', value: { hqEpoch, throughSequence: sequence } });
      } catch (error) {
        logger.warn({ sequence: `${command.sequence}`, err: error }, 'hq-command-not-recorded');
        this.#stream.cancel();
      }
    });
  }

  #sendBatch(lane: Lane, firstSequence: number, limit: number): void {
    const rows = this.#options.log.readLane(lane, firstSequence, limit);
    this.#next.set(lane, firstSequence + rows.length);
    this.#send({
      case: 'batch',
      value: {
        lane,
        firstSequence: BigInt(firstSequence),
        events: rows.map((row) => row.bytes),
      },
    });
  }

  #underWay(): number {
    return lanes.reduce((sum, lane) => {
      const sent = (this.#next.get(lane) ?? 1) - 1;
      return sum + sent - (this.#acknowledged.get(lane) ?? 0);
    }, 0);
  }

  #send(
    message: NonNullable<Parameters<typeof create<typeof SyncRequestSchema>>[1]>['message'],
  ): void {
    if (!this.#stream.writable) return;
    const request = create(SyncRequestSchema, message === undefined ? {} : { message });
    if (!this.#stream.write(request)) this.#isBlocked = true;
  }
}

/**
 * One store's stream, at HQ's end: greet, take batches, acknowledge what is durable, hand out
 * commands until they are receipted.
 */
import { createHash } from 'node:crypto';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import { Lane } from '@stockhand/proto/events/v1alpha/event_pb.js';
import {
  CommandSchema,
  type EventBatch,
  type Hello,
  type SyncRequest,
  type SyncResponse,
  SyncResponseSchema,
} from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { judgeBatch, type LaneAddress } from '../ingest/batch.ts';
import type { HqStore } from '../store/hq-store.ts';

/** Events that a store may have under way without an acknowledgement. */
export const creditEvents = 5_000;

export interface Log {
  info(fields: Record<string, unknown>, event: string): void;
  warn(fields: Record<string, unknown>, event: string): void;
}

export type StoreStream = ServerDuplexStream<SyncRequest, SyncResponse>;

/** What a batch brought, for the counters. */
export interface BatchFigures {
  fresh: number;
  /** Here already. */
  repeated: number;
  quarantined: number;
}

export interface StoreCallOptions {
  /** The store that the client's certificate names. */
  storeGln: string;
  stream: StoreStream;
  store: HqStore;
  nowMs(): number;
  observed?(figures: BatchFigures): void;
  logger: Log;
}

type ResponseMessage = NonNullable<
  Parameters<typeof create<typeof SyncResponseSchema>>[1]
>['message'];

export class StoreCall {
  readonly storeGln: string;
  readonly #options: StoreCallOptions;
  #epoch = '';
  readonly #marks = new Map<Lane, number>();
  #sentCommand = 0;

  constructor(options: StoreCallOptions) {
    this.#options = options;
    this.storeGln = options.storeGln;
    options.stream.on('data', (request: SyncRequest) =>
      this.#attempt(() => this.#receive(request)),
    );
  }

  /** What fails for one store, HQ's disk among it, ends that store's call; it comes again. */
  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.logger.warn({ storeGln: this.storeGln, err: error }, 'store-call-failed');
      this.refuse(status.UNAVAILABLE, 'HQ could not record it; try again later');
    }
  }

  /** Sends commands that the store does not have yet. */
  sendCommands(): void {
    if (this.#epoch !== '') this.#attempt(() => this.#sendNewCommands());
  }

  #sendNewCommands(): void {
    for (const { sequence, bytes } of this.#options.store.commandsAfter(
      this.storeGln,
      this.#sentCommand,
    )) {
      this.#sentCommand = sequence;
      this.#send({ case: 'command', value: fromBinary(CommandSchema, bytes) });
    }
  }

  /** Ends the call with a reason that the store's log will show. */
  refuse(code: status, details: string): void {
    this.#options.logger.warn({ storeGln: this.storeGln, details }, 'store-refused');
    this.#options.stream.emit('error', { code, details });
  }

  #receive(request: SyncRequest): void {
    const { message } = request;
    if (this.#epoch === '' && message.case !== 'hello') {
      this.refuse(status.FAILED_PRECONDITION, 'Hello must come first');
      return;
    }
    switch (message.case) {
      case 'hello':
        return this.#hello(message.value);
      case 'batch':
        return this.#batch(message.value);
      case 'receipt': {
        const { hqEpoch, throughSequence } = message.value;
        if (hqEpoch === this.#options.store.epoch) {
          this.#options.store.receipt(this.storeGln, Number(throughSequence));
        }
        return;
      }
      default:
        this.refuse(status.INVALID_ARGUMENT, 'a request without a message');
    }
  }

  #hello(hello: Hello): void {
    const { store, nowMs, logger } = this.#options;
    if (this.#epoch !== '') return this.refuse(status.FAILED_PRECONDITION, 'Hello came twice');
    if (hello.storeGln !== this.storeGln) {
      const details = `the certificate names store ${this.storeGln}, Hello says ${hello.storeGln}`;
      return this.refuse(status.PERMISSION_DENIED, details);
    }
    if (hello.epoch.length !== 16) {
      return this.refuse(status.INVALID_ARGUMENT, 'epoch: 16 bytes expected');
    }
    this.#epoch = Buffer.from(hello.epoch).toString('hex');
    const { otherInstallation } = store.greet({
      gln: this.storeGln,
      installationId: hello.installationId,
      epoch: this.#epoch,
      agentVersion: hello.agentVersion,
      masterDataVersion: hello.masterDataVersion,
      atMs: nowMs(),
    });
    const hashes = new Map<Lane, Uint8Array>();
    for (const { lane, sequence, bytes } of store.marks(this.storeGln, this.#epoch)) {
      this.#marks.set(lane, sequence);
      hashes.set(lane, createHash('sha256').update(bytes).digest());
    }
    logger.info({ storeGln: this.storeGln, epoch: this.#epoch }, 'store-connected');
    this.#send({
      case: 'welcome',
      value: {
        hqEpoch: store.epoch,
        creditEvents,
        hqTime: timestampFromMs(nowMs()),
        lanes: [Lane.BUSINESS, Lane.TELEMETRY].map((lane) => ({
          lane,
          sequence: BigInt(this.#marks.get(lane) ?? 0),
          // By it a store whose log was restored sees that HQ holds other events under its numbers.
          hash: hashes.get(lane) ?? new Uint8Array(),
        })),
      },
    });
    if (otherInstallation !== null) {
      logger.warn({ storeGln: this.storeGln, otherInstallation }, 'other-installation');
      const detail = 'another installation spoke for this store before: restored, moved or cloned?';
      this.#send({ case: 'notice', value: { code: 'clone-suspected', detail } });
    }
    const isOurs = hello.lastCommandHqEpoch === store.epoch;
    this.#sentCommand = isOurs ? Number(hello.lastCommandSequence) : 0;
    if (isOurs) store.receipt(this.storeGln, this.#sentCommand);
    this.sendCommands();
  }

  #batch(batch: EventBatch): void {
    const { store, nowMs } = this.#options;
    const { lane } = batch;
    if (lane !== Lane.BUSINESS && lane !== Lane.TELEMETRY) {
      return this.refuse(status.INVALID_ARGUMENT, `lane ${lane}: business or telemetry expected`);
    }
    const address: LaneAddress = { storeGln: this.storeGln, epoch: this.#epoch, lane };
    const mark = this.#marks.get(lane) ?? 0;
    const verdict = judgeBatch(address, mark, Number(batch.firstSequence), batch.events);
    if (verdict.kind === 'gap') {
      const details = `lane ${lane}: ${verdict.expectedSequence} expected, got ${batch.firstSequence}`;
      return this.refuse(status.OUT_OF_RANGE, details);
    }
    const { events, masterDataVersion, orders } = verdict;
    if (events.length > 0) store.append(address, events, nowMs(), masterDataVersion, orders);
    this.#marks.set(lane, verdict.throughSequence);
    const quarantined = events.filter((event) => event.quarantineReason !== '').length;
    this.#options.observed?.({
      fresh: events.length,
      repeated: batch.events.length - events.length,
      quarantined,
    });
    this.#reportQuarantine(address, events);
    this.#send({
      case: 'ack',
      value: { lane, throughSequence: BigInt(verdict.throughSequence), creditEvents },
    });
  }

  /** The store's people hear of an event that HQ cannot use: by a command, like everything from HQ. */
  #reportQuarantine(
    { lane }: LaneAddress,
    events: readonly { sequence: number; quarantineReason: string }[],
  ): void {
    const { store, nowMs, logger } = this.#options;
    for (const { sequence, quarantineReason } of events) {
      if (quarantineReason === '') continue;
      logger.warn({ storeGln: this.storeGln, lane, sequence, quarantineReason }, 'quarantined');
      queueCommand(store, this.storeGln, nowMs(), {
        case: 'reportQuarantine',
        value: { lane, sequence: BigInt(sequence), reason: quarantineReason },
      });
    }
    this.sendCommands();
  }

  #send(message: ResponseMessage): void {
    if (!this.#options.stream.writable) return;
    this.#options.stream.write(
      create(SyncResponseSchema, message === undefined ? {} : { message }),
    );
  }
}

type CommandBody = NonNullable<Parameters<typeof create<typeof CommandSchema>>[1]>['command'];

/** Numbers a command for a store and keeps it until it is receipted. Answers its number. */
export function queueCommand(
  store: HqStore,
  storeGln: string,
  atMs: number,
  command: CommandBody,
): number {
  return store.addCommand(storeGln, atMs, (sequence) =>
    toBinary(
      CommandSchema,
      create(CommandSchema, {
        hqEpoch: store.epoch,
        sequence: BigInt(sequence),
        issuedAt: timestampFromMs(atMs),
        ...(command === undefined ? {} : { command }),
      }),
    ),
  );
}

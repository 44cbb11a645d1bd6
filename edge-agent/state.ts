/**
 * The state of the core: plain data (Maps, Sets, objects, numbers, strings), a fold of the log.
 *
 * Only `apply(state, event)` and its twin for inputs without an event, the reading marks, change it;
 * both do so in place. Whoever reads it outside the core reads it as of a commit and changes nothing.
 *
 * `serializeState` gives the same bytes for the same history: Maps and Sets are written in the order in
 * which they were filled, which is itself a consequence of the log, and indexes are left out and built
 * again. Reading marks are left out, too: they lie in their own table, which is always as of the last
 * commit (see `InputMark` in ports.ts and `restoreMarks` in agent.ts).
 */

import type { ApprovalBook } from './approvals/approval.ts';
import {
  type Catalogue,
  type CatalogueFacts,
  emptyCatalogue,
  indexCatalogue,
} from './catalogue/catalogue.ts';
import type { CollectBook } from './collect/collect-order.ts';
import { emptyDemand, type StoreDemand } from './demand/store-demand.ts';
import { type DoubtBook, emptyDoubts } from './doubts/doubt-book.ts';
import type { ExceptionBook, SettledCauses } from './exceptions/exception.ts';
import type { DockClock } from './inbound/cold-chain.ts';
import type { Deliveries } from './inbound/delivery.ts';
import type { ChannelRecord, DeviceRecord } from './ingest/device-record.ts';
import type { ReadingMarks } from './ingest/reading-marks.ts';
import type { ReceiptBook } from './ingest/receipt-book.ts';
import type { SessionRecord } from './ingest/session-record.ts';
import type { ProposalBook } from './orders/proposal.ts';
import { emptyPlanning, type PlanningBook } from './planning/planning-book.ts';
import { builtInPolicy, type PolicyFacts } from './policy/policy.ts';
import type { Need } from './replenishment/need.ts';
import { emptyPredictions, type PredictionBook } from './replenishment/prediction.ts';
import type { Ledger } from './stock/ledger.ts';
import type { Lots } from './stock/lots.ts';
import type { ShelfRecord } from './stock/shelf.ts';
import type { TaskBook } from './tasks/task-book.ts';

/** Grows whenever the meaning of the serialised state changes; an older snapshot is then re-folded. */
export const modelVersion = 18;

export interface State {
  storeGln: string;
  /** 32 hexadecimal digits. */
  epoch: string;
  /** Position of the last applied event; 0 for an empty log. */
  position: number;
  /** Sequence of the last event in each lane. */
  businessSequence: number;
  telemetrySequence: number;
  lastRecordedAtMs: number;
  /** ISO date of the business day of the last event; empty before the first. */
  businessDay: string;
  agentVersion: string;
  configurationHash: string;
  catalogue: Catalogue;
  /** By device id: known, pending and blocked ones. */
  devices: Map<string, DeviceRecord>;
  /** Last recorded measurement by device id, then channel. */
  channels: Map<string, Map<string, ChannelRecord>>;
  readingMarks: ReadingMarks;
  ledger: Ledger;
  /** Known lots beside the ledger, of products that master data wants tracked. */
  lots: Lots;
  /** What is believed of each slot, by slot id; a slot of which nothing is known is not in it. */
  shelves: Map<string, ShelfRecord>;
  /** Sensors that were found to lie, by device id: since when, and the likeliest story. */
  distrustedDevices: Map<string, { sinceMs: number; story: string }>;
  /** What the tills taught about demand. */
  demand: StoreDemand;
  /** Records that may be wrong, and what checks of such found. */
  doubts: DoubtBook;
  /** Open exceptions by cause. */
  exceptions: ExceptionBook;
  settledCauses: SettledCauses;
  /** Deliveries that are expected or being received. */
  deliveries: Deliveries;
  /** Ids of deliveries that are over, oldest first. */
  closedDeliveries: Set<string>;
  /** How long products stand at the dock, by GTIN. */
  dockClocks: Map<string, DockClock>;
  /** Bin into which a product was put away last, by GTIN. */
  lastBins: Map<string, string>;
  /** Customers' orders that are not collected yet, and what they have set aside. */
  collect: CollectBook;
  /** What waits for the word of a role that may give it. */
  approvals: ApprovalBook;
  /** What the store asked for, and which product may take the place of another. */
  proposals: ProposalBook;
  /** The business rules in force. */
  policy: PolicyFacts;
  /** Open needs by slot id: there can be one per slot. */
  needs: Map<string, Need>;
  slotByNeed: Map<string, string>;
  /** Slots that are predicted to run empty, and how good predictions were. */
  predictions: PredictionBook;
  tasks: TaskBook;
  /** Who works when, who does what next, and what was learned of it. */
  planning: PlanningBook;
  /** People signed in, by session id. */
  sessions: Map<string, SessionRecord>;
  receipts: ReceiptBook;
  /** Ids of kiosk actions that took effect, oldest first; bounded by `actionIdsKept`. */
  actionIds: Set<string>;
  /** Last command of HQ in the log, by HQ epoch, oldest epoch first; bounded by `hqEpochsKept`. */
  commandSequences: Map<string, number>;
  /** Last due time that fired, by purpose. */
  timers: Map<string, number>;
  /**
   * Minute of which due work was looked at. Not serialised: it spares looks and decides nothing, for
   * what is due is raised once.
   */
  dueWorkMinute: number;
  tasksDoneToday: number;
}

/** How many accepted action ids are remembered: weeks of kiosk work in a hypermarket. */
export const actionIdsKept = 20_000;
/** HQ epochs whose last command number is remembered. */
export const hqEpochsKept = 8;

/** The state before the first event of a log. `epoch` is 16 bytes in hexadecimal. */
export function createState(identity: { storeGln: string; epoch: string }): State {
  return {
    storeGln: identity.storeGln,
    epoch: identity.epoch,
    position: 0,
    businessSequence: 0,
    telemetrySequence: 0,
    lastRecordedAtMs: 0,
    businessDay: '',
    agentVersion: '',
    configurationHash: '',
    catalogue: emptyCatalogue(identity.storeGln),
    devices: new Map(),
    channels: new Map(),
    readingMarks: new Map(),
    ledger: new Map(),
    lots: new Map(),
    shelves: new Map(),
    distrustedDevices: new Map(),
    demand: emptyDemand(),
    doubts: emptyDoubts(),
    exceptions: new Map(),
    settledCauses: new Set(),
    deliveries: new Map(),
    closedDeliveries: new Set(),
    dockClocks: new Map(),
    lastBins: new Map(),
    collect: { orders: new Map(), reserved: new Map(), closed: new Set() },
    approvals: { open: new Map(), closed: new Set(), movedToday: new Map() },
    proposals: {
      orders: new Map(),
      placed: new Map(),
      substitutions: new Map(),
      promotions: new Map(),
      markdowns: new Set(),
      warehouse: new Map(),
    },
    policy: builtInPolicy,
    needs: new Map(),
    slotByNeed: new Map(),
    predictions: emptyPredictions(),
    tasks: { open: new Map(), closed: new Map() },
    planning: emptyPlanning(),
    sessions: new Map(),
    receipts: new Map(),
    actionIds: new Set(),
    commandSequences: new Map(),
    timers: new Map(),
    dueWorkMinute: -1,
    tasksDoneToday: 0,
  };
}

type NotSerialised = 'catalogue' | 'readingMarks' | 'dueWorkMinute';

interface Serialised {
  modelVersion: number;
  catalogue: CatalogueFacts;
  state: Omit<State, NotSerialised>;
}

/** The state as UTF-8 JSON, without reading marks; the same history gives the same bytes. */
export function serializeState(state: Readonly<State>): Uint8Array {
  const { catalogue, readingMarks: _marks, dueWorkMinute: _minute, ...rest } = state;
  // The catalogue is the greater part and holds no Maps: written apart, it needs no replacer.
  const catalogueText = JSON.stringify(catalogue.facts);
  const stateText = JSON.stringify(rest, replaceCollections);
  return new TextEncoder().encode(
    `{"modelVersion":${modelVersion},"catalogue":${catalogueText},"state":${stateText}}`,
  );
}

/**
 * Reads what `serializeState` wrote. Throws a RangeError when it is of another model version: the
 * caller then folds the whole log. The reading marks are empty until `restoreMarks`.
 */
export function deserializeState(bytes: Uint8Array): State {
  // Written by serializeState of the same model version, and hash-checked by the caller.
  const serialised = JSON.parse(new TextDecoder().decode(bytes)) as Serialised;
  if (serialised.modelVersion !== modelVersion) {
    const found = serialised.modelVersion;
    throw new RangeError(`state of model version ${found}, this release reads ${modelVersion}`);
  }
  // The text of a State, with its collections put back.
  const rest = reviveCollections(serialised.state) as Serialised['state'];
  const catalogue = indexCatalogue(serialised.catalogue);
  return { ...rest, catalogue, readingMarks: new Map(), dueWorkMinute: -1 };
}

function replaceCollections(_key: string, value: unknown): unknown {
  if (value instanceof Map) return { $map: [...value] };
  if (value instanceof Set) return { $set: [...value] };
  return value;
}

function reviveCollections(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(reviveCollections);
  if ('$map' in value) {
    // Written by replaceCollections: an array of pairs, whose keys are text.
    const pairs = value.$map as [string, unknown][];
    return new Map(pairs.map(([key, entry]) => [key, reviveCollections(entry)]));
  }
  if ('$set' in value) {
    // Written by replaceCollections: an array of texts.
    return new Set(value.$set as string[]);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, reviveCollections(entry)]),
  );
}

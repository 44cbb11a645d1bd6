/**
 * The board of a kiosk, mapped from the core's state and what the agent's edges know.
 *
 * The board is small on purpose: open, claimed, started and blocked tasks, most urgent first, at most
 * `boardTaskLimit` of them (what is in somebody's hands is always among them), figures for the whole
 * store, and the state of the connections. A shelf of which nothing is known has no `on_shelf`: a
 * zero would be a claim.
 *
 * Before sign-in a kiosk may show the store's name, who may sign in, and the connections: no tasks.
 */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type Board,
  BoardSchema,
  type Task,
  TaskSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { leftToTell } from '../doubts/bin-question.ts';
import type { PersonRecord } from '../ports.ts';
import type { State } from '../state.ts';
import { salesFloor } from '../stock/ledger.ts';
import { lotsAt, lotsToTake } from '../stock/lots.ts';
import { accountAt } from '../stock/store-places.ts';
import type { TaskRecord } from '../tasks/task-book.ts';
import {
  backroomQuantity,
  deviceFacts,
  isShelfKnown,
  onShelfAvailabilityPpm,
  openTasks,
  quantityOf,
  shelfQuantity,
  slotCounts,
} from '../views.ts';
import type { SyncStatus } from './ports.ts';

/** More tasks than this no one reads; the figures count all of them. */
export const boardTaskLimit = 200;

/** What the board shows beside the core's state. */
export interface Surroundings {
  sync: SyncStatus;
  /** State of serial ports by device id. */
  portStates: ReadonlyMap<string, string>;
  people: readonly PersonRecord[];
}

/** Port states in which the device is there. */
const healthyPortStates: ReadonlySet<string> = new Set(['answering', 'idle', 'opening']);

export function isTroubledPort(portState: string): boolean {
  return portState !== '' && portState !== 'stopped' && !healthyPortStates.has(portState);
}

/** Online by the broker's word, or by its serial port. */
export function isOnline(presence: string, portState: string | undefined): boolean {
  if (portState !== undefined) return portState === 'answering' || portState === 'idle';
  return presence === 'online';
}

/** Everything, for a kiosk where someone is signed in. */
export function storeBoard(state: Readonly<State>, around: Surroundings): Board {
  const open = openTasks(state);
  const held = open.filter((task) => task.claimedBy !== '');
  const room = Math.max(0, boardTaskLimit - held.length);
  const free = open.filter((task) => task.claimedBy === '').slice(0, room);
  const shown = new Set([...held, ...free]);
  const nameByRef = new Map(around.people.map((person) => [person.personRef, person.name]));
  const counts = slotCounts(state);
  const { storeName, people, timeZone } = signInBoard(state, around);
  const placeInPlan = placesInPlan(state);
  return create(BoardSchema, {
    storeName,
    people,
    timeZone,
    connections: connectionState(state, around),
    tasks: open
      .filter((task) => shown.has(task))
      .map((task) => taskView(state, task, nameByRef, placeInPlan.get(task.taskId))),
    figures: {
      onShelfAvailabilityPpm: onShelfAvailabilityPpm(state),
      slotsEmpty: counts.empty,
      slotsBelowReorderPoint: counts.belowReorderPoint,
      tasksOpen: open.length,
      tasksDoneToday: state.tasksDoneToday,
      exceptionsOpen: state.exceptions.size,
      approvalsOpen: state.approvals.open.size,
      deliveriesAtDock: [...state.deliveries.values()].filter(({ arrivedAtMs }) => arrivedAtMs > 0)
        .length,
    },
  });
}

/** What a kiosk may show before anyone is signed in. */
export function signInBoard(state: Readonly<State>, around: Surroundings): Board {
  const staff = state.catalogue.staffByRef;
  const { store } = state.catalogue.facts;
  const people = around.people
    .filter((person) => person.pinHash !== '' && staff.has(person.personRef))
    .map(({ personRef, name }) => ({ personRef, displayName: name }))
    .sort((one, other) => one.displayName.localeCompare(other.displayName, 'en'));
  return create(BoardSchema, {
    storeName: store.name,
    timeZone: store.timeZone,
    connections: connectionState(state, around),
    people,
  });
}

function connectionState(state: Readonly<State>, { sync, portStates }: Surroundings) {
  const devices = deviceFacts(state).filter(({ record }) => record.standing === 'known');
  const online = devices.filter(({ record }) =>
    isOnline(record.presence, portStates.get(record.deviceId)),
  );
  const troubled = [...portStates].filter(([, portState]) => isTroubledPort(portState));
  return {
    hqConnected: sync.hqConnected,
    eventsWaitingForHq: BigInt(sync.eventsWaiting),
    ...(sync.oldestWaitingMs !== null && {
      oldestWaiting: timestampFromMs(sync.oldestWaitingMs),
    }),
    devicesOnline: online.length,
    devicesKnown: devices.length,
    troubledDevices: troubled.map(([deviceId]) => deviceId).sort(),
  };
}

type PlaceInPlan = Pick<
  MessageInitShape<typeof TaskSchema>,
  'plannedForRef' | 'plannedRank' | 'plannedStartAt' | 'planReason'
>;

/** Whose route a task is in, and where there, by task id. */
function placesInPlan(state: Readonly<State>): Map<string, PlaceInPlan> {
  const { plan } = state.planning;
  const places = new Map<string, PlaceInPlan>();
  for (const [plannedForRef, stops] of plan?.routes ?? []) {
    const open = stops.filter(({ taskId }) => state.tasks.open.has(taskId));
    for (const [index, { taskId, startsAtMs }] of open.entries()) {
      places.set(taskId, {
        plannedForRef,
        plannedRank: index + 1,
        plannedStartAt: timestampFromMs(startsAtMs),
        planReason: plan?.reasons.get(taskId) ?? '',
      });
    }
  }
  return places;
}

function taskView(
  state: Readonly<State>,
  task: TaskRecord,
  nameByRef: ReadonlyMap<string, string>,
  placeInPlan: PlaceInPlan | undefined,
): Task {
  const { taskId, version, type, status, urgencyPpm, explanation, gtin, slotId } = task;
  const { fromPlaceId, toPlaceId, deliveryId, orderId, claimedBy } = task;
  const { productByGtin, slotById, placeById } = state.catalogue;
  const product = productByGtin.get(gtin);
  const slot = slotById.get(slotId);
  const amount = (baseUnits: number) => quantityOf(state, gtin, baseUnits);
  const left = leftToTell(state, task);
  return create(TaskSchema, {
    taskId,
    version,
    type,
    status,
    urgencyPpm,
    explanation,
    gtin,
    productName: product?.name ?? gtin,
    slotId,
    slotName: placeById.get(slot?.fixturePlaceId ?? '')?.name ?? '',
    fromPlaceId,
    fromPlaceName: placeById.get(fromPlaceId)?.name ?? '',
    quantity: amount(task.quantity),
    ...(isShelfKnown(state, slotId) && { onShelf: amount(shelfQuantity(state, slotId)) }),
    inBackroom: amount(backroomQuantity(state, gtin)),
    ...(slot !== undefined && { capacity: amount(slot.capacity) }),
    claimedByRef: claimedBy,
    claimedByName: nameByRef.get(claimedBy) ?? '',
    createdAt: timestampFromMs(task.createdAtMs),
    explainedAt: timestampFromMs(task.explainedAtMs),
    casePackPieces: product?.unitOfMeasure === 'piece' ? product.casePack : 0,
    toPlaceId,
    toPlaceName: placeById.get(toPlaceId)?.name ?? '',
    deliveryId,
    lines: [...task.lines],
    orderId,
    ...lotToTake(state, task),
    ...(left !== null && { expectedLeftInBin: amount(left) }),
    ...(task.dueAtMs > 0 && { dueAt: timestampFromMs(task.dueAtMs) }),
    priority: task.priority,
    ...placeInPlan,
  });
}

/** The lot that a task is about, or the one that expires first where it takes from. */
function lotToTake(
  state: Readonly<State>,
  task: TaskRecord,
): { takeLot?: string; takeBestBefore?: string } {
  const { gtin, fromPlaceId, slotId, lot, bestBefore } = task;
  if (lot !== '' || bestBefore !== '') return { takeLot: lot, takeBestBefore: bestBefore };
  if (fromPlaceId === '' && (task.orderId === '' || slotId === '')) return {};
  const account = fromPlaceId === '' ? salesFloor : accountAt(state, fromPlaceId);
  if (lotsAt(state, gtin, account).length === 0) return {};
  const freshOn = state.businessDay;
  const [first] = lotsToTake(state, gtin, account, task.quantity, { freshOn });
  return first === undefined ? {} : { takeLot: first.lot, takeBestBefore: first.bestBefore };
}

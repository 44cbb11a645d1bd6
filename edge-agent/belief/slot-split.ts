/**
 * From which of several slots a product was sold: a till does not say, and shoppers have their habits.
 * The one at the entrance may sell everything while the other stands full, or both sell alike.
 *
 * The habit is a hidden variable beside the quantities. Its values: each slot in turn is where 98 % or where
 * 75 % of the pieces are taken (the others share the rest), or all sell alike; at first one is as likely as
 * the other. Given the habit, a sale takes a piece from a slot with that slot's share, and the slots
 * know nothing of each other; together this makes the belief of each slot wide at once, and narrow again as
 * soon as a count, a look or a refill of one of them tells which habit it was. A slot that is empty sells nothing:
 * its share falls to the others.
 *
 * Each slot keeps P(habit | its quantity), for what a person or a sensor sees depends on the quantity alone:
 * any such evidence may weigh the belief as if there were no habits. Only what moves goods has to know.
 *
 * Example: two slots with ten pieces each, eight sold: each holds 2 with 0.2, 10 with 0.2, something
 * between with the rest. Before this was kept both were said to hold six for sure.
 */
import { blended, type Distribution, shifted } from './distribution.ts';
import { unseenLossPerSale, wrongScanShare } from './slot-belief.ts';

export interface SlotSplit {
  /** P(habit) as it was when the slots of the product last heard of each other. */
  habits: number[];
  /** Of each habit: its chance for each quantity (cell) of this slot. */
  given: number[][];
  /** Of each habit: the share of this slot. */
  shares: number[];
}

/** A slot from which a sale may have come. */
export interface SplitSlot {
  slotId: string;
  belief: Distribution;
  split: SlotSplit | null;
}

/** What the slot takes that shoppers prefer, strongly or a little. */
const preferredShares = [0.98, 0.75] as const;
/** Habits change: with each piece sold the chances go so far back to "one is as likely as the other". */
const habitChange = 0.002;

const sumOf = (chances: readonly number[]) => chances.reduce((sum, one) => sum + one, 0);

/** Of each habit the share of each slot. */
export function habitsOf(slots: number): number[][] {
  const alike = Array<number>(slots).fill(1 / slots);
  if (slots < 2) return [alike];
  const preferring = alike.flatMap((_, preferred) =>
    preferredShares.map((share) =>
      alike.map((_even, slot) => (slot === preferred ? share : (1 - share) / (slots - 1))),
    ),
  );
  return [...preferring, alike];
}

/**
 * Pieces of a product that lies in all these slots went over a till, and no sensor saw them leave.
 * `leftAfterCount(slot)` is the chance that they left after the slot was last counted.
 */
export function believeSoldFromOneOf(
  slots: readonly SplitSlot[],
  quantity: number,
  leftAfterCount: (slot: SplitSlot) => number,
): void {
  // One order for good: a habit is known by its place.
  const ordered = [...slots].sort((one, other) => (one.slotId < other.slotId ? -1 : 1));
  const shares = habitsOf(ordered.length);
  const even = Array<number>(shares.length).fill(1 / shares.length);
  const joints = ordered.map((slot) => jointOf(slot, even));
  let habits = agreed(ordered, joints, even);
  joints.forEach((joint) => {
    scaleTo(joint, habits);
  });
  const units = ordered.map(({ belief }) => Math.max(1, Math.round(quantity / belief.unit)));
  const steps = Math.max(...units);
  for (let step = 0; step < steps; step += 1) {
    habits = habits.map((one) => (1 - habitChange) * one + habitChange / habits.length);
    for (const joint of joints) changeHabits(joint);
    shares.forEach((share, habit) => {
      const empty = joints.map((joint) => emptyChance(joint[habit] ?? []));
      joints.forEach((joint, slot) => {
        const row = joint[habit];
        const one = ordered[slot];
        if (row === undefined || one === undefined || step >= (units[slot] ?? 0)) return;
        joint[habit] = rowAfterSale(row, {
          share: effectiveShare(share, empty, slot) * leftAfterCount(one),
          othersEmpty: product(empty, slot),
        });
      });
    });
    joints.forEach((joint) => {
      scaleTo(joint, habits);
    });
  }
  ordered.forEach((slot, index) => {
    const own = shares.map((share) => share[index] ?? 0);
    keepJoint(slot, joints[index] ?? [], { habits, shares: own });
  });
}

/** Share of its product that is taken from this slot while all have goods; weighed by what it holds. */
export function shareOf({ belief, split }: Pick<SplitSlot, 'belief' | 'split'>): number | null {
  if (split === null) return null;
  return split.given.reduce((all, row, habit) => {
    const chance = row.reduce((sum, one, cell) => sum + one * (belief.cells[cell] ?? 0), 0);
    return all + chance * (split.shares[habit] ?? 0);
  }, 0);
}

/**
 * Something moved goods of one slot in a way that the habit has no part in: a refill. `move` may shift and blend
 * the cells, but not weigh them: it gets those of each habit alone, and what weighs them tells of the habit.
 */
export function moveSplit(slot: SplitSlot, move: (belief: Distribution) => void): void {
  const { split, belief } = slot;
  if (split === null) {
    move(belief);
    return;
  }
  const { unit } = belief;
  const rows = jointOf(slot, split.habits).map((cells) => {
    const row = { unit, cells };
    move(row);
    return row.cells;
  });
  keepJoint(slot, rows, split);
}

/** Who changes habits finds the slots as they are: the new habit takes over what the slot holds under the others. */
function changeHabits(joint: number[][]): void {
  const first = joint[0] ?? [];
  const all = first.map((_, cell) => joint.reduce((sum, row) => sum + (row[cell] ?? 0), 0));
  joint.forEach((row, habit) => {
    joint[habit] = row.map(
      (one, cell) => (1 - habitChange) * one + (habitChange * (all[cell] ?? 0)) / joint.length,
    );
  });
}

interface SaleOfHabit {
  /** Chance that the piece came from this slot, if it had any. */
  share: number;
  /** Chance that no other slot had any. */
  othersEmpty: number;
}

function rowAfterSale(row: readonly number[], { share, othersEmpty }: SaleOfHabit): number[] {
  const stocked = [0, ...row.slice(1)];
  const after = blended(shifted(stocked, -1), shifted(stocked, -2), 1 - unseenLossPerSale);
  const moved = blended(after, stocked, share);
  // An empty slot sold nothing: it is as likely as before where another had some.
  moved[0] = (moved[0] ?? 0) + (row[0] ?? 0) * Math.max(wrongScanShare, 1 - othersEmpty);
  return moved;
}

/** With its own share goes a part of what the empty ones among the others cannot sell. */
function effectiveShare(share: readonly number[], empty: readonly number[], slot: number): number {
  const own = share[slot] ?? 0;
  let sum = own;
  share.forEach((other, index) => {
    if (index !== slot && other < 1) sum += (other * (empty[index] ?? 0) * own) / (1 - other);
  });
  return Math.min(1, sum);
}

function product(chances: readonly number[], except: number): number {
  return chances.reduce((all, one, index) => (index === except ? all : all * one), 1);
}

function emptyChance(row: readonly number[]): number {
  const all = sumOf(row);
  return all > 0 ? (row[0] ?? 0) / all : 0;
}

/** P(habit, quantity) of a slot: one row of cells for each habit. */
function jointOf({ belief, split }: SplitSlot, even: readonly number[]): number[][] {
  const known = split !== null && split.habits.length === even.length ? split : undefined;
  return even.map((chance, habit) =>
    belief.cells.map((cell, at) => cell * (known?.given[habit]?.[at] ?? chance)),
  );
}

/** P(habit) of the product: what each slot has learned since they last heard of each other. */
function agreed(
  slots: readonly SplitSlot[],
  joints: readonly number[][][],
  even: readonly number[],
): number[] {
  const before =
    slots.find(({ split }) => split?.habits.length === even.length)?.split?.habits ?? even;
  const learned = before.map((one, habit) =>
    joints.reduce((all, joint, index) => {
      const isKnown = slots[index]?.split?.habits.length === even.length;
      return isKnown && one > 0 ? (all * sumOf(joint[habit] ?? [])) / one : all;
    }, one),
  );
  const sum = sumOf(learned);
  return sum > 0 ? learned.map((one) => one / sum) : [...even];
}

/** The rows of a joint, each so that it sums to the chance of its habit. */
function scaleTo(joint: number[][], habits: readonly number[]): void {
  const all = joint.reduce((sum, row) => sum + sumOf(row), 0);
  joint.forEach((row, habit) => {
    const sum = sumOf(row);
    const wanted = habits[habit] ?? 0;
    // A habit that this slot rules out altogether has no row of its own: it takes that of all together.
    if (sum > 0) joint[habit] = row.map((one) => (one * wanted) / sum);
    else if (all > 0) {
      joint[habit] = row.map((_, cell) => {
        const ofAll = joint.reduce((total, other) => total + (other[cell] ?? 0), 0);
        return (ofAll * wanted) / all;
      });
    }
  });
}

function keepJoint(
  slot: SplitSlot,
  joint: readonly number[][],
  { habits, shares }: Pick<SlotSplit, 'habits' | 'shares'>,
): void {
  const { cells } = slot.belief;
  const sums = cells.map((_, cell) => joint.reduce((sum, row) => sum + (row[cell] ?? 0), 0));
  const all = sumOf(sums);
  if (!(all > 0)) return;
  slot.belief.cells = sums.map((sum) => sum / all);
  slot.split = {
    habits: [...habits],
    shares: [...shares],
    given: joint.map((row, habit) =>
      row.map((one, cell) => {
        const sum = sums[cell] ?? 0;
        return sum > 0 ? one / sum : (habits[habit] ?? 0);
      }),
    ),
  };
}

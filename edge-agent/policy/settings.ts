/**
 * What a policy may say: each rule with the facts it decides over, each threshold with its limits and
 * what is built in. A name that is not here is refused, so that a typing error does not pass for a rule.
 *
 * Example: `refill.raise` is a CEL expression that gives true or false over a slot's facts; where no
 * layer names it, the built-in text below holds. Quantities are base units (pieces, or milligrams of
 * weighed goods), chances parts per million, money minor units of the store's currency: all integers,
 * so that the same facts give the same decision on every machine.
 */
import { exceptionTypes } from '../exceptions/exception.ts';

export type FactType = 'int' | 'bool' | 'string';
export type Fact = bigint | boolean | string;
/** Facts of one decision by the names that its rule declares. */
export type Facts = Readonly<Record<string, Fact>>;

export interface RuleDeclaration {
  /** What the rule decides, for people. */
  decides: string;
  facts: Readonly<Record<string, FactType>>;
  builtIn: string;
}

export const layerNames = ['chain', 'banner', 'region', 'format', 'store'] as const;
export type LayerName = (typeof layerNames)[number];

export const rules = {
  'refill.raise': {
    decides:
      'whether a slot needs a refill now, beside the hard rules (reported, empty, below minimum)',
    facts: {
      slotId: 'string',
      gtin: 'string',
      category: 'string',
      temperature: 'string',
      promotion: 'bool',
      hasOpenNeed: 'bool',
      onHand: 'int',
      backroom: 'int',
      minimum: 'int',
      reorderPoint: 'int',
      par: 'int',
      capacity: 'int',
      wanted: 'int',
      pEmptyNowPpm: 'int',
      pEmptyBeforeNextChancePpm: 'int',
      expectedLossMinorUnits: 'int',
      refillCostMinorUnits: 'int',
      riskLimitPpm: 'int',
      emptyLimitPpm: 'int',
      worthwhileSharePpm: 'int',
    },
    builtIn:
      'onHand <= reorderPoint || pEmptyNowPpm >= emptyLimitPpm || ' +
      '(wanted * 1000000 >= par * worthwhileSharePpm && pEmptyBeforeNextChancePpm >= riskLimitPpm)',
  },
  'approval.required': {
    decides: 'whether a decision is above what a role may decide alone',
    facts: {
      role: 'string',
      valueMinorUnits: 'int',
      movedTodayMinorUnits: 'int',
      onceLimitMinorUnits: 'int',
      dailyLimitMinorUnits: 'int',
    },
    builtIn:
      'valueMinorUnits > onceLimitMinorUnits || ' +
      'movedTodayMinorUnits + valueMinorUnits > dailyLimitMinorUnits',
  },
} as const satisfies Record<string, RuleDeclaration>;
export type RuleName = keyof typeof rules;

export interface ThresholdDeclaration {
  least: number;
  most: number;
  builtIn: number;
}

const ppm = (builtIn: number): ThresholdDeclaration => ({ least: 0, most: 1_000_000, builtIn });
const money = (builtIn: number): ThresholdDeclaration => ({
  least: 0,
  most: 1_000_000_000,
  builtIn,
});

export const thresholds = {
  /** Chance to run empty before the next chance from which on a need arises, and below which it may end. */
  'refill.riskLimitPpm': ppm(200_000),
  'refill.riskCalmPpm': ppm(100_000),
  /** From this chance on a slot counts as empty, whatever the likeliest quantity is. */
  'refill.emptyLimitPpm': ppm(500_000),
  /** A walk for less than this share of par is made for no risk alone. */
  'refill.worthwhileSharePpm': ppm(250_000),
  /** What one more refill costs: some two minutes of an associate. */
  'refill.costMinorUnits': money(80),
  /** What an unserved unit costs where master data names no margin. */
  'refill.penaltyMinorUnits': money(50),
  /** Days of mean demand beyond which goods are too much. */
  'overstock.coverDays': { least: 1, most: 1_000, builtIn: 28 },
  /** Off the price of goods that would be left over at their best-before. */
  'markdown.reductionPpm': ppm(300_000),
  /** Chance to be empty before the next chance to refill from which on it is predicted. */
  'predict.stockoutLimitPpm': ppm(500_000),
  /** Staff minutes that checks of doubted records may take in a day, and what a minute costs. */
  'check.budgetMinutes': { least: 0, most: 1_440, builtIn: 20 },
  'check.minuteMinorUnits': money(40),
  /** Doubts less likely to be right are listed and not asked about: people stop answering idle questions. */
  'check.leastChancePpm': ppm(200_000),
  /** Who takes goods from a bin tells what is left once in so many hours: of busy products, and of others. */
  'count.busyPiecesADay': { least: 1, most: 100_000, builtIn: 5 },
  'count.busyHours': { least: 1, most: 8_760, builtIn: 20 },
  'count.quietHours': { least: 1, most: 8_760, builtIn: 168 },
  'approval.associate.onceMinorUnits': money(25_000),
  'approval.associate.dailyMinorUnits': money(250_000),
  'approval.lead.onceMinorUnits': money(100_000),
  'approval.lead.dailyMinorUnits': money(1_000_000),
  'approval.manager.onceMinorUnits': money(500_000),
  'approval.manager.dailyMinorUnits': money(5_000_000),
} as const satisfies Record<string, ThresholdDeclaration>;
export type ThresholdName = keyof typeof thresholds;

/** Roles to whom exceptions may be routed. */
export const routedRoles = ['associate', 'lead', 'manager', 'hq'] as const;
export type RoutedRole = (typeof routedRoles)[number];

/** `[less, more]`: a policy in which the first is greater contradicts itself. */
export const ordered: readonly (readonly [ThresholdName, ThresholdName])[] = [
  ['refill.riskCalmPpm', 'refill.riskLimitPpm'],
  ['count.busyHours', 'count.quietHours'],
  ['approval.associate.onceMinorUnits', 'approval.lead.onceMinorUnits'],
  ['approval.lead.onceMinorUnits', 'approval.manager.onceMinorUnits'],
  ['approval.associate.onceMinorUnits', 'approval.associate.dailyMinorUnits'],
  ['approval.lead.onceMinorUnits', 'approval.lead.dailyMinorUnits'],
  ['approval.manager.onceMinorUnits', 'approval.manager.dailyMinorUnits'],
];

export const isRuleName = (name: string): name is RuleName => Object.hasOwn(rules, name);
export const isThresholdName = (name: string): name is ThresholdName =>
  Object.hasOwn(thresholds, name);

/** "route.delivery-late" names the owner of an exception type. */
export const routePrefix = 'route.';
export const isRouteName = (name: string): boolean =>
  name.startsWith(routePrefix) &&
  exceptionTypes.some((type) => type === name.slice(routePrefix.length));

/** The settings of a profile that concern GS1 data, read from a codec's context. */
import { type CodecContext, type ContextSetting, isMembers, type Json } from '../codec.ts';
import type { DigitalLinkSettings } from '../gs1/digital-link.ts';
import type { InterpretationSettings } from '../gs1/interpretation.ts';
import {
  isRestrictedNumberLayout,
  type Measure,
  type RestrictedNumberSettings,
  type RestrictedNumberTemplate,
} from '../gs1/restricted-number.ts';

/**
 * Year from which two-digit years are seen when nobody says what year it is. A codec reads no
 * clock; sessions pass `current_year`. Seen from 2026, 1977 to 2076 come out right.
 */
const defaultYear = 2026;

function currentYear(context: CodecContext): number {
  const { current_year: year, today } = context;
  if (typeof year === 'number' && Number.isInteger(year)) return year;
  const match = typeof today === 'string' ? /^([0-9]{4})-/.exec(today) : null;
  return match === null ? defaultYear : Number(match[1]);
}

function texts(value: Json | undefined): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item): item is string => typeof item === 'string' && item !== '');
}

/** Names under which profiles of other products know the same settings. */
export const separatorNames = [
  'separator',
  'separators',
  'separator_chars',
  'fnc1',
  'group_separator',
];
export const shortGtinNames = [
  'zero_suppressed_gtin',
  'permit_zero_suppressed_gtin',
  'allow_zero_suppressed_gtin',
  'permitZeroSuppressedGTINinDLuris',
  'short_gtin',
  'allow_short_gtin',
];
export const verifyNames = [
  'verify_price_check_digit',
  'verify_variable_measure',
  'rcn_verify_variable_measure',
];

export function digitalLinkSettings(context: CodecContext): DigitalLinkSettings {
  return {
    currentYear: currentYear(context),
    separators: separatorNames.flatMap((name) => texts(context[name])),
    refusesMissingCompanions: context.requisites === 'refuse',
    permitsShortGtin: shortGtinNames.some((name) => context[name] === true),
  };
}

const measures: readonly Measure[] = ['price', 'weight', 'count', 'value'];

/**
 * A layout in the letters of GS1's table of restricted numbers, e.g. `24IIIIIVPPPPC`: the prefix,
 * then I item, V check digit of the value, P price or weight, at last C. With a prefix of one digit
 * it describes the twelve digits of a UPC-A.
 */
function formatTemplates(context: CodecContext): Record<string, RestrictedNumberTemplate> {
  const { format, measure, decimals } = context;
  if (typeof format !== 'string' || !/^2([IPV]{10}|[0-9][IPV]{10})C$/.test(format)) return {};
  const thirteen = format.padStart(13, '0');
  const letters = new Map([
    ['I', 'P'],
    ['P', 'V'],
    ['V', 'C'],
  ]);
  const body = [...thirteen.slice(2, 12)].map((letter) => letters.get(letter) ?? '').join('');
  const template = {
    layout: `PP${body}`,
    measure: measure ?? 'value',
    decimals: decimals ?? 0,
  };
  // isTemplate checks every member of the shape.
  return isTemplate(template)
    ? { [thirteen.slice(0, 2)]: template as unknown as RestrictedNumberTemplate }
    : {};
}

function isTemplate(value: Json): boolean {
  if (!isMembers(value)) return false;
  const { layout, measure, decimals } = value;
  return (
    typeof layout === 'string' &&
    isRestrictedNumberLayout(layout) &&
    measures.some((known) => known === measure) &&
    typeof decimals === 'number' &&
    Number.isInteger(decimals) &&
    decimals >= 0 &&
    decimals <= 6
  );
}

function templatesOf(value: Json | undefined): Record<string, RestrictedNumberTemplate> {
  const templates: Record<string, RestrictedNumberTemplate> = {};
  if (!isMembers(value)) return templates;
  for (const [prefix, row] of Object.entries(value)) {
    // isTemplate has checked every member of the shape.
    if (isTemplate(row)) templates[prefix] = row as unknown as RestrictedNumberTemplate;
  }
  return templates;
}

export function restrictedNumberSettings(context: CodecContext): RestrictedNumberSettings {
  return {
    ...(typeof context.region === 'string' && { region: context.region }),
    ...(typeof context.currency === 'string' && { currency: context.currency }),
    templates: { ...templatesOf(context.restricted_numbers), ...formatTemplates(context) },
    ignoresMeasureCheckDigit: verifyNames.some((name) => context[name] === false),
  };
}

/**
 * The settings of `interpretScan` for a scanner with this profile. The session knows what year it
 * is and puts it into the context as `current_year`.
 */
export function interpretationSettings(context: CodecContext): InterpretationSettings {
  const { currentYear: year, separators = [] } = digitalLinkSettings(context);
  const { region, templates } = restrictedNumberSettings(context);
  const { eight_digits: eightDigits } = context;
  return {
    currentYear: year,
    separators,
    ...(region !== undefined && { region }),
    ...(templates !== undefined && { restrictedNumbers: templates }),
    ...((eightDigits === 'ean-8' || eightDigits === 'upc-e') && { bareEightDigits: eightDigits }),
  };
}

export const yearSetting: ContextSetting = {
  name: 'current_year',
  values: 'number',
  meaning: 'The year from which the century of dates YYMMDD is found.',
  default: defaultYear,
};

export const elementStringSettings: readonly ContextSetting[] = [
  yearSetting,
  {
    name: 'separator',
    values: 'text, or a list of texts',
    meaning: 'What the scanner sends for FNC1, besides GS (0x1D).',
  },
  {
    name: 'bare',
    values: 'true | false',
    meaning: 'Read data without AIM identifier where it can mean one thing only.',
    default: false,
  },
  {
    name: 'requisites',
    values: 'warn | refuse',
    meaning: 'What becomes of data in which an element lacks its companion.',
    default: 'warn',
  },
];

export const digitalLinkContextSettings: readonly ContextSetting[] = [
  yearSetting,
  {
    name: 'zero_suppressed_gtin',
    values: 'true | false',
    meaning: 'Take GTINs of 8, 12 and 13 digits in the path of a Digital Link.',
    default: false,
  },
];

export const restrictedNumberContextSettings: readonly ContextSetting[] = [
  {
    name: 'region',
    values: 'DE | DK | EE | FI | GB | LT | LV | NO | SE | US',
    meaning: 'The country whose layout of weighed and priced codes holds.',
  },
  {
    name: 'restricted_numbers',
    values: '{"<prefix>": {"layout": "PPPPPPPCVVVV", "measure": "price", "decimals": 2}}',
    meaning: 'Layouts of the house, by the first two digits of the 13; they go before the region.',
  },
  {
    name: 'format',
    values: 'e.g. 24IIIIIVPPPPC',
    meaning: 'One layout in the letters of GS1; `measure` and `decimals` say what the value is.',
  },
  { name: 'currency', values: 'ISO 4217 letters', meaning: 'Currency of prices in codes.' },
  {
    name: 'verify_price_check_digit',
    values: 'true | false',
    meaning: 'Whether the inner check digit of price or weight must be right.',
    default: true,
  },
];

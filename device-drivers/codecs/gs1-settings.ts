/** The settings of a profile that concern GS1 data, read from a codec's context. */
import type { CodecContext, ContextSetting, Json } from '../codec.ts';
import type { DigitalLinkSettings } from '../gs1/digital-link.ts';
import type {
  Measure,
  RestrictedNumberSettings,
  RestrictedNumberTemplate,
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

function isOn(context: CodecContext, name: string): boolean {
  return context[name] === true;
}

export function digitalLinkSettings(context: CodecContext): DigitalLinkSettings {
  return {
    currentYear: currentYear(context),
    separators: [...texts(context.separator), ...texts(context.fnc1)],
    refusesMissingCompanions: context.requisites === 'refuse',
    permitsShortGtin:
      isOn(context, 'zero_suppressed_gtin') ||
      isOn(context, 'permit_zero_suppressed_gtin') ||
      isOn(context, 'short_gtin'),
  };
}

const measures: readonly Measure[] = ['price', 'weight', 'count'];

function isTemplate(value: Json): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const { layout, measure, decimals } = value;
  return (
    typeof layout === 'string' &&
    /^P{3,10}(C?V{4,5}|V{2,9})$/.test(layout) &&
    layout.length === 12 &&
    measures.some((known) => known === measure) &&
    typeof decimals === 'number' &&
    Number.isInteger(decimals) &&
    decimals >= 0 &&
    decimals <= 6
  );
}

function templatesOf(value: Json | undefined): Record<string, RestrictedNumberTemplate> {
  const templates: Record<string, RestrictedNumberTemplate> = {};
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return templates;
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
    templates: templatesOf(context.restricted_numbers),
    ignoresMeasureCheckDigit: context.verify_price_check_digit === false,
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
  { name: 'currency', values: 'ISO 4217 letters', meaning: 'Currency of prices in codes.' },
  {
    name: 'verify_price_check_digit',
    values: 'true | false',
    meaning: 'Whether the inner check digit of price or weight must be right.',
    default: true,
  },
];

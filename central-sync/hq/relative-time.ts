/** Times as people write them in a file that they send at once: "now+15m" instead of a time stamp. */
import type { JsonValue } from '@bufbuild/protobuf';

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * The value with each text such as "now", "now+15m" or "now-2d" replaced by the time it means, in ISO 8601.
 * Every other text stays as it is.
 */
export function withTimes(value: JsonValue, nowMs: number): JsonValue {
  if (typeof value === 'string') return timeOf(value, nowMs) ?? value;
  if (Array.isArray(value)) return value.map((one) => withTimes(one, nowMs));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withTimes(member, nowMs)]),
  );
}

function timeOf(text: string, nowMs: number): string | null {
  const match = /^now(?:([+-])(\d{1,6})([smhd]))?$/.exec(text);
  if (match === null) return null;
  const [, sign, count = '0', unit = 's'] = match;
  const distanceMs = Number(count) * (unitMs[unit] ?? 0);
  return new Date(nowMs + (sign === '-' ? -distanceMs : distanceMs)).toISOString();
}

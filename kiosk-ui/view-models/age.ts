/**
 * How long ago something was, in the coarse steps that people say: now, minutes, hours, days.
 */
export type Age =
  | { unit: 'now' }
  | { unit: 'minutes'; count: number }
  | { unit: 'hours'; count: number }
  | { unit: 'days'; count: number };

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A moment ahead of `nowMs` (the kiosk's clock is behind the agent's) counts as now. */
export function ageOf(momentMs: number, nowMs: number): Age {
  const elapsedMs = nowMs - momentMs;
  if (elapsedMs < minuteMs) return { unit: 'now' };
  if (elapsedMs < hourMs) return { unit: 'minutes', count: Math.floor(elapsedMs / minuteMs) };
  if (elapsedMs < dayMs) return { unit: 'hours', count: Math.floor(elapsedMs / hourMs) };
  return { unit: 'days', count: Math.floor(elapsedMs / dayMs) };
}

/** Reads `--add` of `stockhand labour`: when one more person would work, and with which skills. */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { timeOfDayMs } from '@stockhand/proto/vocabulary/zone-time.ts';
import { UsageError } from './data-folder.ts';

const minutesOfDay = 24 * 60;

/**
 * "14:00-20:00" on the day of `nowMs` by the clock of `timeZone` (IANA), "22:00-06:00" until the day after;
 * with "/receive,cold" the skills of the person.
 * @throws UsageError
 */
export function extraPerson(text: string, nowMs: number, timeZone: string) {
  const [, from = '', until = '', skills = ''] =
    /^(\d{1,2}:\d{2})-(\d{1,2}:\d{2})(?:\/([\w,-]+))?$/.exec(text) ?? [];
  const [start, end] = [from, until].map(minuteOfDay);
  if (start === undefined || end === undefined || Number.isNaN(start + end))
    throw new UsageError(`--add takes a time such as 14:00-20:00, not "${text}".`);
  const at = (minute: number) => timestampFromMs(timeOfDayMs(minute, nowMs, timeZone));
  return {
    from: at(start),
    until: at(end > start ? end : end + minutesOfDay),
    skills: skills.split(',').filter((one) => one !== ''),
  };
}

/** NaN for what is no time of a day. */
function minuteOfDay(text: string): number {
  const [hours = Number.NaN, minutes = Number.NaN] = text.split(':').map(Number);
  const isTime = (hours < 24 && minutes < 60) || text === '24:00';
  return isTime ? hours * 60 + minutes : Number.NaN;
}

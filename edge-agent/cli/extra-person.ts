/** Reads `--add` of `stockhand labour`: when one more person would work, and with which skills. */
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { UsageError } from './data-folder.ts';

/**
 * "14:00-20:00" on the day of `now`, "22:00-06:00" until the day after, by the clock of this machine; with
 * "/receive,cold" the skills of the person.
 * @throws UsageError
 */
export function extraPerson(text: string, now: Date) {
  const [, from = '', until = '', skills = ''] =
    /^(\d{1,2}:\d{2})-(\d{1,2}:\d{2})(?:\/([\w,-]+))?$/.exec(text) ?? [];
  const [start, end] = [from, until].map((one) => timeOf(one, now));
  if (!start || !end)
    throw new UsageError(`--add takes a time such as 14:00-20:00, not "${text}".`);
  // By the calendar: some nights have an hour more or less.
  if (end <= start) end.setDate(end.getDate() + 1);
  return {
    from: timestampFromDate(start),
    until: timestampFromDate(end),
    skills: skills.split(',').filter((one) => one !== ''),
  };
}

function timeOf(text: string, now: Date): Date | null {
  const [hours = Number.NaN, minutes = Number.NaN] = text.split(':').map(Number);
  if (!(hours < 24 && minutes < 60) && text !== '24:00') return null;
  const time = new Date(now);
  time.setHours(hours, minutes, 0, 0);
  return time;
}

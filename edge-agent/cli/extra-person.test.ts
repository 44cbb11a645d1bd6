import { timestampDate } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { extraPerson } from './extra-person.ts';

const zone = 'America/New_York';
/** In November the zone is five hours behind. */
const at = (day: number, hours: number) => new Date(Date.UTC(2026, 10, day, hours + 5));
const now = at(23, 9).getTime();

test.each([
  ['14:00-20:00', at(23, 14), at(23, 20), []],
  ['22:00-06:00', at(23, 22), at(24, 6), []],
  ['16:00-24:00/cold,receive', at(23, 16), at(24, 0), ['cold', 'receive']],
])('%s', (text, from, until, skills) => {
  const person = extraPerson(text, now, zone);
  expect([timestampDate(person.from), timestampDate(person.until)]).toEqual([from, until]);
  expect(person.skills).toEqual(skills);
});

test.each(['', '14-20', '22:75-06:00', '24:30-06:00', '25:00-26:00'])('refuses "%s"', (text) => {
  expect(() => extraPerson(text, now, zone)).toThrow('--add takes a time');
});

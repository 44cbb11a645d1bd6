import { describe, expect, it } from 'vitest';
import { hashBadge, hashPin, isPinOf, personNamed, personOfBadge } from './credentials.ts';

/** The same salt each time, so that records can be compared. */
const steady = { bytes: (count: number) => new Uint8Array(count).fill(7) };

describe('a PIN record', () => {
  it('knows its PIN and no other', async () => {
    const record = await hashPin('4711', steady);
    expect(record).toMatch(/^scrypt\$32768\$8\$1\$/);
    expect(await isPinOf('4711', record)).toBe(true);
    expect(await isPinOf('4712', record)).toBe(false);
    expect(await isPinOf('', record)).toBe(false);
  });

  it.each([
    ['is empty', ''],
    ['is of another kind', 'argon2$1$1$1$c2FsdA==$aGFzaA=='],
    [
      'asks for more memory than the limit',
      `scrypt$1048576$8$1$${'A'.repeat(24)}$${'A'.repeat(44)}`,
    ],
    ['has a cost that is no power of two', `scrypt$30000$8$1$${'A'.repeat(24)}$${'A'.repeat(44)}`],
    ['has a hash of one byte', `scrypt$1024$8$1$${'A'.repeat(24)}$AA==`],
  ])('lets nobody in when it %s', async (_why, record) => {
    expect(await isPinOf('4711', record)).toBe(false);
  });
});

describe('a badge', () => {
  const people = [
    { personRef: 'anna', name: 'Anna', pinHash: '', badgeHash: hashBadge('badge-of-anna') },
    { personRef: 'ben', name: 'Ben', pinHash: '', badgeHash: '' },
  ];

  it('names its person', () => {
    expect(personOfBadge(people, 'badge-of-anna')?.personRef).toBe('anna');
  });

  it('that is nobody’s, or empty, names nobody', () => {
    expect(personOfBadge(people, 'badge-of-ben')).toBeUndefined();
    expect(personOfBadge(people, '')).toBeUndefined();
  });
});

describe('a person who signs in with a PIN', () => {
  const person = (personRef: string, name: string) => ({
    personRef,
    name,
    pinHash: '',
    badgeHash: '',
  });
  const people = [
    person('staff-1', 'Mira (manager)'),
    person('staff-2', 'Jonas'),
    person('staff-3', 'Lea'),
    person('staff-4', 'lea'),
  ];

  it.each([
    ['staff-2', 'staff-2'],
    ['jonas', 'staff-2'],
    ['mira', 'staff-1'],
    ['Mira (Manager)', 'staff-1'],
    ['Lea', undefined],
    ['', undefined],
    ['staff', undefined],
  ])('"%s" is %s', (text, personRef) => {
    expect(personNamed(people, text)?.personRef).toBe(personRef);
  });
});

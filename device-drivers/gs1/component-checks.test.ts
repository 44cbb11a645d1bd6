import { describe, expect, it } from 'vitest';
import { characterFault, checkFault } from './component-checks.ts';

/** Company prefix 012345 (length 6 + 0), offer 678901. */
const coupon = '0012345678901';
const context = { identifier: '99', currentYear: 2026 };

describe('content checks of the syntax dictionary', () => {
  it.each<[string, string[], string[]]>([
    ['csum', ['09506000134352', '106141412345678908'], ['09506000134353', '10']],
    ['csumalpha', ['1987654Ad4X4bL5ttr2310c2K'], ['1987654Ad4X4bL5ttr2310cX2', 'A', '1']],
    ['gcppos1', ['9506A', '9506'], ['950A', '95', '']],
    ['gcppos2', ['09506', 'X9506Y'], ['0950', '0950A']],
    ['hasnondigit', ['1A', 'A'], ['12']],
    ['hh', ['00', '23'], ['24', '2']],
    ['hhmi', ['0000', '2359'], ['2400', '2360', '9999']],
    ['mi', ['59'], ['60']],
    ['ss', ['00'], ['61']],
    ['hyphen', ['-'], ['+', '']],
    [
      'iban',
      ['DE91100000000123456789', 'BE71096123456769'],
      ['BE71096123456760', 'XX36123456789', 'BE7'],
    ],
    ['importeridx', ['-', 'z', '9'], ['+', 'ab']],
    ['iso3166', ['276', '840'], ['000', '999']],
    ['iso3166999', ['999', '276'], ['998']],
    ['iso3166alpha2', ['DE'], ['de', 'AA']],
    ['iso4217', ['978', '752'], ['000', '276']],
    ['iso5218', ['0', '9'], ['3']],
    ['latitude', ['1800000000', '0000000000'], ['1800000001']],
    ['longitude', ['3600000000'], ['3600000001']],
    ['mediatype', ['01', '10', '80', '99'], ['00', '11', '79']],
    ['nonzero', ['001'], ['000']],
    ['nozeroprefix', ['10', '1'], ['01', '0']],
    ['packagetype', ['PX', '8', '201'], ['XXX', '0']],
    ['pcenc', ['A%20b', 'plain'], ['%2', '100%', '%zz']],
    ['pieceoftotal', ['0102', '0101', '9999'], ['0001', '0100', '0302']],
    ['posinseqslash', ['1/1', '2/3', '9/10'], ['0/1', '3/2', '1/', '01/2', '12']],
    ['winding', ['0', '1', '9'], ['2', '01']],
    ['yesno', ['0', '1'], ['2']],
    ['yymmd0', ['260600', '260630'], ['260631', '261300']],
    ['yymmdd', ['260630'], ['260600']],
    ['yyyymmd0', ['20260600'], ['20261300']],
    ['yyyymmdd', ['20260630'], ['20260600', '20250229']],
    ['zero', ['0'], ['1']],
    [
      'couponposoffer',
      ['001234561234560123456', `${'116123451234561234561'.slice(0, 0)}101234561234560123456`],
      ['', '0', '201234561234560123456', '07', '001234561234560', '0012345612345601234567', '0A'],
    ],
    [
      'couponcode',
      [
        // GCP 012345, offer 678901, save 0.50, buy 1 of family 000.
        `${coupon}${'250'}${'11'}${'0'}${'000'}`,
        // The same with a second purchase, dates, serial, retailer and flags.
        `${coupon}${'250'}${'110000'}${'1'}0${'110000'}9${'3261231'}${'4260101'}${'50123456'}${'61'}1234567${'90000'}`,
      ],
      [
        '7012345',
        '0012345678901',
        `${coupon}${'650'}`,
        `${coupon}${'250'}${'115000'}`,
        `${coupon}${'250'}${'110000'}${'3261301'}`,
        `${coupon}${'250'}${'110000'}${'3260101'}${'4260201'}`,
        `${coupon}${'250'}${'110000'}${'93000'}`,
        `${coupon}${'250'}${'110000'}${'7'}`,
        'A',
      ],
    ],
  ])('%s', (name, good, bad) => {
    for (const text of good)
      expect([text, checkFault(name, text, context)]).toEqual([text, undefined]);
    for (const text of bad)
      expect([text, checkFault(name, text, context)]).not.toEqual([text, undefined]);
  });

  it('lets delivery times be open, and no others', () => {
    expect(checkFault('hhmi', '9999', { ...context, identifier: '4324' })).toBeUndefined();
    expect(checkFault('hhmi', '9999', { ...context, identifier: '7003' })).toBeDefined();
  });

  it('says what is wrong, in the words of the decode command', () => {
    expect(checkFault('csum', '09506000134353', context)).toEqual({
      error: 'bad-check-digit',
      detail: '09506000134353 ends in 3, its check digit is 2',
    });
  });

  it('does not know checks that are not in the dictionary', () => {
    expect(() => checkFault('moon', '1', context)).toThrow(RangeError);
  });
});

describe('character sets', () => {
  it.each<['N' | 'X' | 'Y' | 'Z', string[], string[]]>([
    ['N', ['0123456789', ''], ['12A', '١', ' ']],
    [
      'X',
      ['!"%&\'()*+,-./:;<=>?_aZ9'],
      ['#', '$', '@', '[', '^', '`', '{', '~', ' ', 'ä', '\u001d'],
    ],
    ['Y', ['#-/09AZ'], ['a', '_', ' ']],
    ['Z', ['AZaz09-_', 'QQ==', 'QQQ=', '12='], ['+', '/', '=', 'QQ===', 'Q Q=']],
  ])('%s', (set, good, bad) => {
    for (const text of good) expect([text, characterFault(text, set)]).toEqual([text, undefined]);
    for (const text of bad)
      expect([text, characterFault(text, set)]).not.toEqual([text, undefined]);
  });
});

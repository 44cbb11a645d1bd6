import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodecContext, Decoded, Meaning } from '../codec.ts';
import { scanBytes } from './scan-text.ts';
import { maxScanBytes, scannerSerial } from './scanner-serial.ts';

const carriageReturnLineFeed: CodecContext = { suffix: '\r\n' };

function decode(chunks: Uint8Array[], context: CodecContext): Decoded[] {
  const decoder = scannerSerial.decoder({ direction: 'device->host', context });
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

function meanings(text: string, context: CodecContext = carriageReturnLineFeed): Meaning[] {
  return decode([scanBytes(text)], context).map((decoded) => decoded.meaning);
}

const gs = '\u001d';

describe('scanner-serial: what a scan means', () => {
  it.each<[string, string, CodecContext, Meaning[]]>([
    ['digits and CR LF', '4006381333931\r\n', {}, [{ kind: 'scan', data: '4006381333931' }]],
    ['CR alone', '4006381333931\r', {}, [{ kind: 'scan', data: '4006381333931' }]],
    ['LF alone', '4006381333931\n', {}, [{ kind: 'scan', data: '4006381333931' }]],
    [
      'an AIM identifier',
      ']E04006381333931\r\n',
      {},
      [{ kind: 'scan', symbology: 'ean-13', data: '4006381333931' }],
    ],
    [
      'GS and spaces inside the data stay',
      `]C1010950600013435210 A ${gs}99X \r\n`,
      {},
      [{ kind: 'scan', symbology: 'gs1-128', data: `010950600013435210 A ${gs}99X ` }],
    ],
    [
      'three scans in one piece',
      'A\r\nB\rC\n',
      {},
      ['A', 'B', 'C'].map((data) => ({ kind: 'scan', data })),
    ],
    ['a prefix', '\u0002F123\r', { prefix: '\u0002F' }, [{ kind: 'scan', data: '123' }]],
    ['a suffix of its own', '12\r3\t', { suffix: '\t' }, [{ kind: 'scan', data: '12\r3' }]],
    [
      'line breaks inside a code, suffix taken literally',
      'BEGIN\nEND\r\n',
      { exact_suffix: true },
      [{ kind: 'scan', data: 'BEGIN\nEND' }],
    ],
    [
      'no suffix, ended by silence',
      '4006381333931',
      { suffix: null },
      [{ kind: 'scan', data: '4006381333931' }],
    ],
    [
      'a composite symbol, verified up to its second part',
      ']E04006381333931|]e010ABC\r\n',
      {},
      [{ kind: 'scan', symbology: 'ean-13', data: '4006381333931|]e010ABC' }],
    ],
    ['identifiers switched off', ']E0X\r', { aim: 'never' }, [{ kind: 'scan', data: ']E0X' }]],
    ['UTF-8', 'K\u00c3\u00a4se\r', {}, [{ kind: 'scan', data: 'Käse' }]],
  ])('%s', (_name, text, context, expected) => {
    expect(meanings(text, { ...carriageReturnLineFeed, ...context })).toEqual(expected);
  });

  it.each<[string, string, CodecContext, string]>([
    ['a wrong check digit of an EAN-13', ']E04006381333930\r\n', {}, 'bad-check-digit'],
    ['a wrong check digit of an EAN-8', ']E496385075\r\n', {}, 'bad-check-digit'],
    ['a lost digit', ']E0400638133393\r\n', {}, 'bad-length'],
    ['a lost digit of a case code', ']I11400638133393\r\n', {}, 'bad-length'],
    ['a letter in an EAN', ']E0400638133393A\r\n', {}, 'bad-charset'],
    ['a missing prefix', '123\r\n', { prefix: 'F' }, 'no-start'],
    ['a missing identifier', '123\r\n', { aim: 'always' }, 'unknown-symbology'],
    ['a scan cut off', '40063813', {}, 'no-terminator'],
  ])('refuses %s', (_name, text, context, error) => {
    const [meaning, ...others] = meanings(text, { ...carriageReturnLineFeed, ...context });
    expect(meaning).toMatchObject({ kind: 'reject', error });
    expect(others).toEqual([]);
  });

  it('tells what the host said', () => {
    const decoder = scannerSerial.decoder({ direction: 'host->device', context: {} });
    const said = decoder.push(Uint8Array.from([0x06, 0x15, 0x16, 0x54, 0x0d, 0x16, 0x55, 0x0d]));
    expect(said.map((decoded) => decoded.meaning)).toEqual([
      { kind: 'ack' },
      { kind: 'nak' },
      { kind: 'command', name: 'TRIGGER_ON' },
      { kind: 'command', name: 'TRIGGER_OFF' },
    ]);
    expect(decoder.push(Uint8Array.from([1, 2, 3]))[0]?.meaning.kind).toBe('reject');
  });
});

describe('scanner-serial: laws', () => {
  const character = fc.integer({ min: 0x1d, max: 0x7e }).map((code) => String.fromCharCode(code));
  const dataText = fc.string({ unit: character, minLength: 1, maxLength: 40 });

  it('what a scanner says is heard as it was said', () => {
    fc.assert(
      fc.property(dataText, fc.constantFrom('code-128', 'qr', undefined), (data, symbology) => {
        fc.pre(symbology !== undefined || !data.startsWith(']'));
        const scan: Meaning =
          symbology === undefined ? { kind: 'scan', data } : { kind: 'scan', symbology, data };
        const bytes = scannerSerial.encode(scan, carriageReturnLineFeed);
        const heard = decode([bytes], carriageReturnLineFeed);
        expect(heard.map((decoded) => decoded.meaning)).toEqual([scan]);
      }),
    );
  });

  it('pieces do not matter', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 8 }),
        fc.constantFrom<CodecContext>(
          {},
          carriageReturnLineFeed,
          { suffix: '\u0003' },
          { suffix: 'ab' },
          { suffix: '\r\n', exact_suffix: true },
        ),
        (chunks, context) => {
          const whole = Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
          const bytes = Array.from(whole, (byte) => Uint8Array.of(byte));
          expect(decode(chunks, context)).toEqual(decode([whole], context));
          expect(decode(bytes, context)).toEqual(decode([whole], context));
        },
      ),
    );
  });

  it('a scan survives noise that ended in a line break before it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const bytes = Uint8Array.from([...noise, 0x0a, ...scanBytes(']E04006381333931\r\n')]);
        expect(decode([bytes], carriageReturnLineFeed).at(-1)?.meaning).toEqual({
          kind: 'scan',
          symbology: 'ean-13',
          data: '4006381333931',
        });
      }),
    );
  });

  it.each<[string, CodecContext, string]>([
    ['line', carriageReturnLineFeed, '\r\n'],
    ['exact', { suffix: 'END' }, 'END'],
  ])('drops what is too long once, and hears the next scan (%s)', (_name, context, suffix) => {
    const flood = 'x'.repeat(3 * maxScanBytes);
    const heard = decode([scanBytes(`${flood}${suffix}NEXT${suffix}`)], context);
    expect(heard.map((decoded) => decoded.meaning)).toEqual([
      expect.objectContaining({ kind: 'reject', error: 'oversize' }),
      { kind: 'scan', data: 'NEXT' },
    ]);
    expect(heard[0]?.frame.length).toBe(maxScanBytes);
  });

  it('refuses to say what would be heard otherwise', () => {
    for (const data of [']C1X', 'a\rb', '']) {
      expect(() => scannerSerial.encode({ kind: 'scan', data }, {})).toThrow(RangeError);
    }
    expect(() => scannerSerial.encode({ kind: 'weight' }, {})).toThrow(RangeError);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

function decode(args: readonly string[], input = '') {
  const entry = join(import.meta.dirname, 'decode.ts');
  const result = spawnSync(process.execPath, [entry, ...args], { input, encoding: 'utf8' });
  return { status: result.status, out: result.stdout, err: result.stderr };
}

describe('stockhand decode', () => {
  it('explains a frame field by field', () => {
    const { status, out } = decode(['--protocol', 'mt-sics', '--text', 'S S     100.00 g\\r\\n']);
    expect(status).toBe(0);
    expect(out).toContain('stable');
    expect(out).toContain('"value":"100.00"');
  });

  it('reads hexadecimal and standard input, and answers one line of JSON', () => {
    const args = ['--protocol', 'toledo-8217', '--context', '{"unit":"kg"}', '--json'];
    const expected = { kind: 'weight', value: '1.250', unit: 'kg', stable: true };
    const byHex = decode([...args, '--hex', '02 30 31 2e 32 35 30 0d']);
    expect(JSON.parse(byHex.out)).toMatchObject(expected);
    expect(JSON.parse(decode(args, '\x0201.250\r').out)).toMatchObject(expected);
  });

  it('says why a frame is refused, with exit code 1', () => {
    const { status, out } = decode([
      '--protocol',
      'scanner-serial',
      '--text',
      ']E04006381333932\\r',
    ]);
    expect(status).toBe(1);
    expect(out).toContain('bad-check-digit');
  });

  it('says what is wrong with the call, with exit code 2', () => {
    expect(decode(['--protocol', 'nothing', '--text', 'x'])).toMatchObject({ status: 2 });
    expect(decode(['--protocol', 'mt-sics', '--hex', 'xyz']).err).toContain('not hexadecimal');
    expect(decode(['--protocol', 'mt-sics', '--text', 'x', '--context', '[']).err).toContain(
      'JSON',
    );
  });

  it('refuses a setting that no protocol knows, and tells of one that has no effect', () => {
    const frame = ['--protocol', 'toledo-8217', '--hex', '0230312e3235300d', '--json'];
    const misspelt = decode([...frame, '--context', '{"unti":"kg"}']);
    expect(misspelt).toMatchObject({ status: 2, out: '' });
    expect(misspelt.err).toContain('"unti": toledo-8217 knows unit, decimals');
    const foreign = decode([...frame, '--context', '{"unit":"kg","region":"DE"}']);
    expect(foreign.status).toBe(0);
    expect(foreign.err).toContain('"region" has no effect');
  });

  it('ends with 2 for an option that there is not', () => {
    expect(decode(['--nothing'])).toMatchObject({ status: 2 });
  });

  it('explains the application identifiers of a scan', () => {
    const text = ']C1010952012345678810AB\\x1d3103000195\\r\\n';
    const { out } = decode(['--protocol', 'scanner-serial', '--text', text]);
    expect(out).toMatch(/\(10\) +AB +BATCH/);
    expect(out).toMatch(/\(3103\) +000195 +NET WEIGHT/);
  });

  it('runs a file of captured frames, also in pieces, and goes on after an unknown protocol and a wrong row', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stockhand-decode-'));
    try {
      const file = join(folder, 'frames.json');
      const chunks_hex = ['5320532031', '2e30302067', '0d0a5320442032', '2e303020670d0a'];
      const vectors = [
        { id: 'one', protocol: 'mt-sics', bytes_hex: '53202b0d0a' },
        { id: 'unknown', protocol: 'nothing', bytes_hex: '00' },
        { id: 'pieces', protocol: 'mt-sics', chunks_hex },
        { id: 'odd', protocol: 'mt-sics', bytes_hex: '5' },
        { id: 'nulls', protocol: 'mt-sics', bytes_hex: '53202b0d0a', context: null, topic: null },
      ];
      writeFileSync(file, JSON.stringify({ vectors }));
      const { out, status } = decode(['--vectors', file]);
      expect(status).toBe(2);
      const lines = out.trim().split('\n');
      expect(lines.map((line) => JSON.parse(line))).toMatchObject([
        { id: 'one', meaning: { kind: 'status', flags: ['overload'] } },
        { id: 'unknown', meaning: { kind: 'reject' } },
        {
          id: 'pieces',
          meaning: { kind: 'sequence', items: [{ value: '1.00' }, { value: '2.00' }] },
        },
        { id: 'odd', meaning: { kind: 'reject', error: 'wrong-type' } },
        { id: 'nulls', meaning: { kind: 'status', flags: ['overload'] } },
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('reads an MQTT message by its topic and a profile in YAML', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stockhand-decode-'));
    try {
      const profile = join(folder, 'profile.yaml');
      const lines = ['topic: store/+/shelf/+', 'map:', '  device_id: topic[3]'];
      writeFileSync(profile, [...lines, '  weight_kg: { at: $.g, scale: 0.001 }', ''].join('\n'));
      const args = ['--protocol', 'generic-json', '--context', `@${profile}`, '--json'];
      const there = decode([...args, '--topic', 'store/1/shelf/12', '--text', '{"g":2450}']);
      const values = { weight_kg: 2.45 };
      expect(JSON.parse(there.out)).toEqual({ kind: 'telemetry', device_id: '12', values });
      const elsewhere = decode([...args, '--topic', 'store/1/floor/12', '--text', '{"g":2450}']);
      expect(elsewhere.status).toBe(1);
      expect(elsewhere.out).toContain('topic-mismatch');
      const missing = decode([
        '--protocol',
        'mt-sics',
        '--text',
        'x',
        '--context',
        '@/no/such/file',
      ]);
      expect(missing).toMatchObject({ status: 2, err: expect.stringContaining('no such file') });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('takes the text of a payload as it is', () => {
    const text = '{"état":"ouvert\\n"}';
    const args = ['--protocol', 'zigbee2mqtt', '--topic', 'zigbee2mqtt/porte', '--json'];
    expect(JSON.parse(decode([...args, '--text', text]).out)).toMatchObject({
      values: { état: 'ouvert\n' },
    });
  });

  it('reads a whole document from standard input', () => {
    const receipt =
      '<POSLog><Transaction CancelFlag="true"><RetailStoreID>1</RetailStoreID>' +
      '<WorkstationID>2</WorkstationID><BusinessDayDate>2026-03-01</BusinessDayDate>' +
      '<SequenceNumber>3</SequenceNumber></Transaction></POSLog>';
    const { out } = decode(['--protocol', 'poslog', '--json'], receipt);
    expect(JSON.parse(out)).toMatchObject({ kind: 'ignored', reason: 'cancelled', store: '1' });
  });

  it('names its protocols', () => {
    const rows = JSON.parse(decode(['--list', '--json']).out) as { protocol: string }[];
    expect(rows.map((row) => row.protocol)).toEqual(
      expect.arrayContaining(['mt-sics', 'ssi', 'gs1-digital-link', 'sparkplug-b', 'poslog']),
    );
  });
});

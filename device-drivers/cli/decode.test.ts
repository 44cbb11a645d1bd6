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

  it('runs a file of captured frames, also in pieces, and goes on after an unknown protocol', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stockhand-decode-'));
    try {
      const file = join(folder, 'frames.json');
      const chunks_hex = ['5320532031', '2e30302067', '0d0a5320442032', '2e303020670d0a'];
      const vectors = [
        { id: 'one', protocol: 'mt-sics', bytes_hex: '53202b0d0a' },
        { id: 'unknown', protocol: 'nothing', bytes_hex: '00' },
        { id: 'pieces', protocol: 'mt-sics', chunks_hex },
      ];
      writeFileSync(file, JSON.stringify({ vectors }));
      const lines = decode(['--vectors', file]).out.trim().split('\n');
      expect(lines.map((line) => JSON.parse(line))).toMatchObject([
        { id: 'one', meaning: { kind: 'status', flags: ['overload'] } },
        { id: 'unknown', meaning: { kind: 'reject' } },
        {
          id: 'pieces',
          meaning: { kind: 'sequence', items: [{ value: '1.00' }, { value: '2.00' }] },
        },
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('names its protocols', () => {
    const rows = JSON.parse(decode(['--list', '--json']).out) as { protocol: string }[];
    expect(rows.map((row) => row.protocol)).toEqual(
      expect.arrayContaining(['mt-sics', 'toledo-8217', 'ssi', 'gs1-digital-link']),
    );
  });
});

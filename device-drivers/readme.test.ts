/** The codec that the README shows is one: it is run as it stands there. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allCodecs } from './codecs/all.ts';

const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');

describe('the README of the drivers', () => {
  it('shows a codec of some twenty lines that reads what it says', () => {
    const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const body = code.split('\n').filter((line) => line !== '' && !line.startsWith('import'));
    expect(body.length).toBeLessThanOrEqual(22);
    const codecs = new URL('./codecs/', import.meta.url);
    const placed = code.replace(/from '(\.{1,2}\/[^']+)'/g, (_all, path: string) => {
      return `from '${new URL(path, codecs).href}'`;
    });
    const run = `
      const decoder = shelfPuck.decoder({ direction: 'device->host', context: {}, topic: 'puck/12' });
      const payload = shelfPuck.encode({ kind: 'telemetry', values: { battery_pct: 87, weight_g: 1250 } }, {});
      decoder.push(payload);
      console.log(JSON.stringify(decoder.end()[0]?.meaning));
      decoder.push(new TextEncoder().encode('87;12x0'));
      console.log(JSON.stringify(decoder.end()[0]?.meaning));`;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module-typescript', '--eval', `${placed}${run}`],
      { encoding: 'utf8', cwd: import.meta.dirname },
    );
    expect(stderr).toBe('');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { kind: 'telemetry', device_id: '12', values: { battery_pct: 87, weight_g: 1250 } },
      { kind: 'reject', error: 'wrong-type' },
    ]);
  });

  it('names every setting of a device beside it', () => {
    const named = allCodecs.filter(({ group }) => group !== 'barcode');
    const missing = named.flatMap(({ protocol, settings }) => {
      const row = readme.split('\n').find((line) => line.includes(`\`${protocol}\``)) ?? '';
      return settings.filter(({ name }) => !row.includes(name)).map(({ name }) => name);
    });
    expect(missing).toEqual([]);
  });

  it('names every device protocol in its table', () => {
    const named = allCodecs.filter(({ group }) => group !== 'barcode');
    const missing = named.filter(({ protocol }) => !readme.includes(`\`${protocol}\``));
    expect(missing.map(({ protocol }) => protocol)).toEqual([]);
  });
});

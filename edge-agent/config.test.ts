import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig, readConfig } from './config.ts';

const minimal = 'store: "4012345000009"\ndataFolder: ./data\n';

function faults(text: string): readonly string[] {
  try {
    parseConfig(text, '/etc/stockhand.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('reads the example that is shipped', () => {
    const file = join(import.meta.dirname, 'stockhand.example.yaml');
    const config = parseConfig(readFileSync(file, 'utf8'), file);
    expect(config.serial.map((device) => device.protocol)).toEqual(['mt-sics', 'scanner-serial']);
    expect(config.dataFolder).toBe(join(import.meta.dirname, 'data'));
  });

  it('has safe values for what is left out', () => {
    const config = parseConfig(minimal, '/etc/stockhand.yaml');
    expect(config).toMatchObject({
      dataFolder: '/etc/data',
      mqtt: { port: 8_883 },
      kiosk: { httpsPort: 8_443, httpPort: 8_080 },
      recordInputs: false,
    });
    expect(config.hq).toBeUndefined();
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('tells all faults together with line, field and expectation', () => {
    const text = `store: "4012345000008"\ndataFolder: ./data\nmqtt:\n  port: 99999\n  prot: 1\n`;
    const found = faults(text);
    expect(found).toHaveLength(3);
    expect(found[0]).toMatch(/^line 1, column 8: store: a GLN of 13 digits/);
    expect(found.join('\n')).toMatch(/line 4, column 9: mqtt\.port: .*65535/);
    expect(found.join('\n')).toMatch(/line 4, column 3: mqtt: .*prot/);
  });

  it('refuses a zone that does not exist and a file that is not YAML', () => {
    expect(faults(`${minimal}timeZone: Europe/Nowhere\n`)[0]).toContain('an IANA zone');
    expect(faults('store: [1\n')[0]).toMatch(/^line \d+, column \d+/);
  });

  it('says what to do when there is no file', () => {
    expect(() => readConfig('/nowhere/stockhand.yaml')).toThrow('stockhand.example.yaml');
  });
});

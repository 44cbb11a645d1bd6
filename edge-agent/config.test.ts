import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig, readConfig } from './config.ts';
import { retentionOf } from './event-store/retention.ts';

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
    expect(Object.isFrozen(config.mqtt)).toBe(true);
  });

  it('tells all faults together with line, field and expectation', () => {
    const text = `store: "4012345000008"\ndataFolder: ./data\nmqtt:\n  port: 99999\n  prot: 1\n`;
    const found = faults(text);
    expect(found).toHaveLength(3);
    expect(found[0]).toMatch(/^line 1, column 8: store: a GLN of 13 digits/);
    expect(found.join('\n')).toMatch(/line 4, column 9: mqtt\.port: .*65535, found 99999/);
    expect(found).toContain('line 5, column 3: mqtt.prot: there is no such setting');
  });

  it('keeps what can be looked up for as long as it is told, within bounds', () => {
    const usual = parseConfig(minimal, '/etc/stockhand.yaml');
    expect(retentionOf(usual.retention)).toEqual({
      rawReadings: { ageMs: 72 * 3_600_000, bytes: 256 * 1024 * 1024 },
      deadLetters: { ageMs: 30 * 86_400_000, bytes: 64 * 1024 * 1024, rows: 20_000 },
    });
    const text = `${minimal}retention: { rawReadings: { hours: 6 }, deadLetters: { days: 0 } }\n`;
    expect(faults(text)).toEqual([
      expect.stringMatching(/retention\.deadLetters\.days: .*found 0/),
    ]);
    const short = parseConfig(text.replace('days: 0', 'count: 500'), '/etc/stockhand.yaml');
    expect(retentionOf(short.retention)).toMatchObject({
      rawReadings: { ageMs: 6 * 3_600_000 },
      deadLetters: { rows: 500 },
    });
  });

  it('refuses serial devices that share an id or have no port', () => {
    const serial = `serial:\n  - { device: s, path: /dev/a, protocol: mt-sics }\n  - { device: s, protocol: mt-sics }\n`;
    expect(faults(minimal + serial)).toEqual([
      'line 5, column 15: serial.1.device: another serial device has this id (no. 0), found "s"',
      expect.stringMatching(/^line 5, column 5: serial\.1: path or adapter is needed/),
    ]);
  });

  it('wants TLS to a broker elsewhere, and finds its files beside the configuration', () => {
    const external = (text: string) => `${minimal}mqtt:\n  external: ${text}\n`;
    expect(faults(external('{ url: "mqtt://broker.local:1883" }'))).toEqual([
      expect.stringMatching(/^line 4, column 20: mqtt\.external\.url: mqtts:\/\/ is needed/),
    ]);
    expect(faults(external('{ url: broker.local }'))[0]).toContain('mqtts://host:port');
    expect(faults(external('{ url: "mqtts://b:1", key: k.pem }'))[0]).toContain('needed together');
    const text = external('{ url: "mqtt://localhost:1883", passwordFile: ./password }');
    expect(parseConfig(text, '/etc/stockhand.yaml').mqtt.external).toMatchObject({
      passwordFile: '/etc/password',
      protocol: 5,
      connections: 1,
    });
  });

  it('refuses settings with which a scale’s conversation cannot be held', () => {
    const settings = 'settings: { checksum_polynomial: secret }';
    const serial = `serial:\n  - { device: s, path: /dev/a, protocol: dialog06, ${settings} }\n`;
    expect(faults(minimal + serial)).toEqual([
      expect.stringMatching(/^line 4, column \d+: serial\.0\.settings: .*four hexadecimal digits/),
    ]);
  });

  it('refuses a protocol that no codec speaks, and names those that are', () => {
    const serial = 'serial:\n  - { device: s, path: /dev/a, protocol: morse }\n';
    expect(faults(minimal + serial)).toEqual([
      expect.stringMatching(/^line 4, column 42: serial\.0\.protocol: .*"mt-sics".*found "morse"$/),
    ]);
  });

  it('refuses a key that is there twice, and a GLN without its quotes', () => {
    expect(faults(`${minimal}dataFolder: ./other\n`)[0]).toMatch(/^line 3, column 1: .*unique/);
    expect(faults('store: 4012345000009\ndataFolder: ./data\n')[0]).toMatch(
      /^line 1, column 8: store: .*expected string.*found 4012345000009/,
    );
  });

  it('refuses a zone that does not exist and a file that is not YAML', () => {
    expect(faults(`${minimal}timeZone: Europe/Nowhere\n`)[0]).toContain('an IANA zone');
    expect(faults('store: [1\n')[0]).toMatch(/^line \d+, column \d+/);
  });

  it('says what to do when there is no file', () => {
    expect(() => readConfig('/nowhere/stockhand.yaml')).toThrow('stockhand.example.yaml');
  });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSerialPort, listSerialPorts } from './port-list.ts';

describe('the list of serial ports', () => {
  let sys: string;

  const addUsb = (name: string, serialNumber: string) => {
    const usb = join(sys, 'devices', 'usb1', name);
    const port = join(usb, `${name}:1.0`, name);
    mkdirSync(port, { recursive: true });
    writeFileSync(join(usb, 'idVendor'), '0403\n');
    writeFileSync(join(usb, 'idProduct'), '6001\n');
    writeFileSync(join(usb, 'serial'), `${serialNumber}\n`);
    writeFileSync(join(usb, 'product'), 'FT232R USB UART\n');
    mkdirSync(join(sys, 'class', 'tty', name), { recursive: true });
    symlinkSync(port, join(sys, 'class', 'tty', name, 'device'));
  };

  beforeEach(() => {
    sys = mkdtempSync(join(tmpdir(), 'stockhand-sys-'));
    mkdirSync(join(sys, 'class', 'tty', 'tty0'), { recursive: true });
    const board = join(sys, 'devices', 'serial8250');
    mkdirSync(board, { recursive: true });
    for (const [name, type] of [
      ['ttyS0', '4'],
      ['ttyS1', '0'],
    ] as const) {
      mkdirSync(join(sys, 'class', 'tty', name), { recursive: true });
      writeFileSync(join(sys, 'class', 'tty', name, 'type'), `${type}\n`);
      symlinkSync(board, join(sys, 'class', 'tty', name, 'device'));
    }
  });

  afterEach(() => rmSync(sys, { recursive: true, force: true }));

  it('leaves out consoles and ports that the board does not have', () => {
    expect(listSerialPorts(sys).map((port) => port.path)).toEqual(['/dev/ttyS0']);
  });

  it('tells the adapter of a USB port', () => {
    addUsb('ttyUSB0', 'A10K');
    expect(listSerialPorts(sys)).toContainEqual({
      path: '/dev/ttyUSB0',
      vendorId: '0403',
      productId: '6001',
      serialNumber: 'A10K',
      product: 'FT232R USB UART',
    });
  });

  it('is empty where the system has no such folder', () => {
    expect(listSerialPorts(join(sys, 'nothing'))).toEqual([]);
  });

  it('finds an adapter whose number changed, and refuses to choose between two', () => {
    addUsb('ttyUSB3', 'A10K');
    const match = { vendorId: '0403', productId: '6001' };
    expect(findSerialPort(match, listSerialPorts(sys))).toEqual({ path: '/dev/ttyUSB3' });
    addUsb('ttyUSB4', 'B77Z');
    expect(findSerialPort(match, listSerialPorts(sys))).toMatchObject({
      problem: expect.stringContaining('several'),
    });
    expect(findSerialPort({ ...match, serialNumber: 'B77Z' }, listSerialPorts(sys))).toEqual({
      path: '/dev/ttyUSB4',
    });
    expect(findSerialPort({ serialNumber: 'none' }, listSerialPorts(sys))).toMatchObject({
      problem: expect.stringContaining('no serial port'),
    });
  });
});

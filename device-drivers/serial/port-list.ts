/**
 * Which serial ports this machine has, and which of them a profile means.
 *
 * serialport's own list needs the `udevadm` program; the kernel tells the same under /sys, also in a
 * container. Pseudo-terminals and links are never listed: a path that is typed in always works.
 * The number of a USB adapter changes when it is plugged in again (ttyUSB0 becomes ttyUSB1), so a
 * profile may name the adapter instead: vendor, product and serial number.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface SerialPortInfo {
  /** Device file, "/dev/ttyUSB0". */
  path: string;
  /** Four hexadecimal digits in lower case; empty for ports that are not USB. */
  vendorId: string;
  productId: string;
  serialNumber: string;
  /** What the adapter calls itself. */
  product: string;
}

/** The adapter that a profile means; absent members match anything. */
export interface PortMatch {
  vendorId?: string;
  productId?: string;
  serialNumber?: string;
}

const fileText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
};

/** The USB device above an interface has `idVendor`; a port on the board has no such parent. */
function usbFolder(deviceFolder: string, sysFolder: string): string | null {
  let folder = deviceFolder;
  while (folder.length > sysFolder.length) {
    if (existsSync(join(folder, 'idVendor'))) return folder;
    folder = dirname(folder);
  }
  return null;
}

function portInfo(name: string, sysFolder: string, devFolder: string): SerialPortInfo | null {
  const classFolder = join(sysFolder, 'class', 'tty', name);
  if (!existsSync(join(classFolder, 'device'))) return null;
  // The kernel lists 8250 ports that the board does not have, with type 0.
  if (name.startsWith('ttyS') && fileText(join(classFolder, 'type')) === '0') return null;
  const usb = usbFolder(realpathSync(join(classFolder, 'device')), realpathSync(sysFolder));
  return {
    path: join(devFolder, name),
    vendorId: usb ? fileText(join(usb, 'idVendor')).toLowerCase() : '',
    productId: usb ? fileText(join(usb, 'idProduct')).toLowerCase() : '',
    serialNumber: usb ? fileText(join(usb, 'serial')) : '',
    product: usb ? fileText(join(usb, 'product')) : '',
  };
}

/** Serial ports in order of their names; empty where the system has no /sys. */
export function listSerialPorts(sysFolder = '/sys', devFolder = '/dev'): SerialPortInfo[] {
  const classFolder = join(sysFolder, 'class', 'tty');
  if (!existsSync(classFolder)) return [];
  return readdirSync(classFolder)
    .sort()
    .map((name) => portInfo(name, sysFolder, devFolder))
    .filter((port) => port !== null);
}

/**
 * The one port that fits. Two adapters that fit are no match: opening the wrong scale is worse than
 * opening none, and the answer says so.
 */
export function findSerialPort(
  match: PortMatch,
  ports: readonly SerialPortInfo[],
): { path: string } | { problem: string } {
  const fitting = ports.filter(
    (port) =>
      (match.vendorId === undefined || port.vendorId === match.vendorId.toLowerCase()) &&
      (match.productId === undefined || port.productId === match.productId.toLowerCase()) &&
      (match.serialNumber === undefined || port.serialNumber === match.serialNumber),
  );
  const wanted = JSON.stringify(match);
  const [first, second] = fitting;
  if (!first) return { problem: `no serial port matches ${wanted}` };
  if (second) {
    const paths = fitting.map((port) => port.path).join(', ');
    return { problem: `several serial ports match ${wanted}: ${paths}; add the serial number` };
  }
  return { path: first.path };
}

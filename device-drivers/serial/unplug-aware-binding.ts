/**
 * The serialport binding with a read loop that notices an unplugged device.
 *
 * On Linux a hung-up tty answers reads with 0 bytes. The stock reader takes that for "read again",
 * so an unplug while data flows is never reported and burns a core; and its poller resolves inside a
 * native callback that does not run microtasks, so data may wait for an unrelated timer. This
 * wrapper replaces `read`: 0 bytes are a disconnect, and the wait for readability continues
 * through `setImmediate`. Windows and macOS keep the stock reader.
 */
import { read as readFile } from 'node:fs';
import { promisify } from 'node:util';
import {
  type AutoDetectTypes,
  autoDetect,
  LinuxBinding,
  type LinuxOpenOptions,
} from '@serialport/bindings-cpp';

const readDescriptor = promisify(readFile);

/** The part of the Linux port binding that the read loop needs. */
interface PollingPort {
  fd: number | null;
  isOpen: boolean;
  poller: { once(event: 'readable', callback: (error: Error | null) => void): void };
  read(buffer: Buffer, offset: number, length: number): Promise<ReadResult>;
}

interface ReadResult {
  bytesRead: number;
  buffer: Buffer;
}

/** The message that a disconnect by end of file carries. */
export const END_OF_FILE = 'the line ended: 0 bytes read';

/** A closed port is no fault: serialport looks at `canceled`. */
function canceled(): Error {
  return Object.assign(new Error('Port is not open'), { canceled: true });
}

function readable(port: PollingPort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.poller.once('readable', (error) => {
      setImmediate(() => (error ? reject(error) : resolve()));
    });
  });
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function readOrDisconnect(
  port: PollingPort,
  buffer: Buffer,
  offset: number,
  length: number,
): Promise<ReadResult> {
  while (true) {
    if (!port.isOpen || port.fd === null) throw canceled();
    try {
      const { bytesRead } = await readDescriptor(port.fd, buffer, offset, length, null);
      if (bytesRead > 0) return { bytesRead, buffer };
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'EAGAIN' && code !== 'EWOULDBLOCK' && code !== 'EINTR') throw error;
      if (!port.isOpen) throw canceled();
      await readable(port);
      continue;
    }
    throw new Error(END_OF_FILE);
  }
}

/** A binding for `SerialPortStream` that reports every unplug. */
export function unplugAwareBinding(): AutoDetectTypes {
  if (process.platform !== 'linux') return autoDetect();
  const open = async (options: LinuxOpenOptions) => {
    const port = await LinuxBinding.open(options);
    // The Linux binding has the members of PollingPort; its public type only hides `poller`.
    const polling = port as unknown as PollingPort;
    polling.read = (buffer, offset, length) => readOrDisconnect(polling, buffer, offset, length);
    return port;
  };
  return { list: LinuxBinding.list, open };
}

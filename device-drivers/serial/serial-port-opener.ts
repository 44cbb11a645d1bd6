/**
 * Real serial ports. What is known of serialport 13 and worked around here: an `error` and a `data`
 * listener from before the opening until after the close (or a failure ends the process, and an
 * unplug goes unseen); a fresh object per connection (a closed one cannot write again); `close`
 * may come twice; a write before the opening would wait for ever.
 */
import { existsSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { SerialPortStream } from '@serialport/stream';
import {
  type BytePort,
  type BytePortEvents,
  type LineSettings,
  type LossCause,
  OpenError,
  type OpenFailure,
  type PortOpener,
} from '../ports.ts';
import { findSerialPort, listSerialPorts } from './port-list.ts';
import { END_OF_FILE, unplugAwareBinding } from './unplug-aware-binding.ts';

function openFailure(path: string, message: string): OpenFailure {
  if (!existsSync(path) || /No such (file|device)/i.test(message)) return 'absent';
  if (/lock|temporarily unavailable|busy/i.test(message)) return 'locked';
  if (/permission|access denied/i.test(message)) return 'forbidden';
  return 'failed';
}

function lossCause(path: string, message: string): LossCause {
  if (message === END_OF_FILE) return 'end-of-file';
  if (/EIO|ENXIO|input\/output/i.test(message)) return 'input-output-error';
  return existsSync(path) ? 'closed-by-system' : 'removed';
}

async function openStream(
  binding: ReturnType<typeof unplugAwareBinding>,
  settings: LineSettings,
  events: BytePortEvents,
): Promise<BytePort> {
  const stream = new SerialPortStream({ binding, ...settings, autoOpen: false });
  let gone = false;
  const lost = (message: string) => {
    if (gone) return;
    gone = true;
    events.lost(lossCause(settings.path, message), message);
  };
  // Failures of a write or of the line end in `close`; this listener keeps the process alive.
  stream.on('error', (error: Error) => lost(error.message));
  stream.on('close', (error: Error | null) => lost(error?.message ?? 'closed'));
  stream.on('data', (chunk: Buffer) => {
    if (!gone) events.data(chunk);
  });
  await new Promise<void>((resolve, reject) => {
    stream.open((error) => {
      if (!error) return resolve();
      gone = true;
      const failure = openFailure(settings.path, error.message);
      reject(new OpenError(failure, `${settings.path}: ${error.message}`, { cause: error }));
    });
  });
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (gone || !stream.isOpen) return reject(new Error(`${settings.path} is not open`));
        stream.write(Buffer.from(bytes), undefined, (error) => (error ? reject(error) : resolve()));
      }),
    flush: () =>
      new Promise((resolve, reject) => {
        if (gone || !stream.isOpen) return resolve();
        stream.flush((error) => (error ? reject(error) : resolve()));
      }),
    close: () =>
      new Promise((resolve) => {
        gone = true;
        if (!stream.isOpen) return resolve();
        stream.close(() => resolve());
      }),
  };
}

/**
 * Watches a folder for one name (null: any), so that a device that comes back is opened at once. A
 * folder that cannot be watched (it does not exist yet) is no fault: the retries find the device too.
 */
function watchFolder(folder: string, name: string | null, changed: () => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, (_kind, file) => {
      if (name === null || file === name || file === null) changed();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}

/** The path that is meant right now: as set, or where the named adapter is plugged in. */
function withPath(settings: LineSettings): LineSettings {
  const { adapter, ...line } = settings;
  if (!adapter) return line;
  const found = findSerialPort(adapter, listSerialPorts());
  if ('problem' in found) throw new OpenError('absent', found.problem);
  return { ...line, path: found.path };
}

/** Opens real serial ports (and pseudo-terminals) on this machine. */
export function serialPortOpener(): PortOpener {
  const binding = unplugAwareBinding();
  return {
    open: async (settings, events) => openStream(binding, withPath(settings), events),
    // An adapter may come back under any name, so its whole folder is watched.
    watch: (settings, changed) =>
      settings.adapter
        ? watchFolder('/dev', null, changed)
        : watchFolder(dirname(settings.path), basename(settings.path), changed),
  };
}

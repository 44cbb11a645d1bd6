/** The machine that a benchmark ran on, and how quick its disk is at the moment. */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { median } from './statistics.ts';

export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() || 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
  };
}

const syncsTimed = 25;

/** Median time of writing 4 KiB and making it durable, in milliseconds. */
export function timeFdatasync(folder: string): number {
  const file = join(folder, 'fdatasync.probe');
  const descriptor = openSync(file, 'w');
  try {
    const page = Buffer.alloc(4_096, 1);
    const times = Array.from({ length: syncsTimed }, () => {
      writeSync(descriptor, page);
      const startedMs = performance.now();
      fdatasyncSync(descriptor);
      return performance.now() - startedMs;
    });
    return median(times);
  } finally {
    closeSync(descriptor);
    rmSync(file);
  }
}

/** How long, and how much of, what is kept beside the log: raw readings and dead letters. */
import { z } from 'zod';
import { deadLetterLimit } from './dead-letter-box.ts';
import { rawReadingLimit } from './raw-readings.ts';

const hourMs = 3_600_000;
const mebibyte = 1024 * 1024;

const { ageMs: rawAgeMs, bytes: rawBytes } = rawReadingLimit;
const { ageMs: letterAgeMs, bytes: letterBytes, rows } = deadLetterLimit;

/** As the configuration has it. Nothing is decided from either: less is only less to look up. */
export const retentionSchema = z
  .strictObject({
    rawReadings: z
      .strictObject({
        hours: z
          .number()
          .min(1)
          .max(31 * 24)
          .default(rawAgeMs / hourMs),
        mebibytes: z
          .number()
          .min(1)
          .max(65_536)
          .default(rawBytes / mebibyte),
      })
      .prefault({}),
    deadLetters: z
      .strictObject({
        days: z
          .number()
          .min(1)
          .max(366)
          .default(letterAgeMs / hourMs / 24),
        count: z.int().min(100).max(1_000_000).default(rows),
        mebibytes: z
          .number()
          .min(1)
          .max(4_096)
          .default(letterBytes / mebibyte),
      })
      .prefault({}),
  })
  .prefault({});

export interface Retention {
  rawReadings: { ageMs: number; bytes: number };
  deadLetters: { ageMs: number; bytes: number; rows: number };
}

export const usualRetention: Retention = {
  rawReadings: rawReadingLimit,
  deadLetters: deadLetterLimit,
};

export function retentionOf({
  rawReadings,
  deadLetters,
}: z.infer<typeof retentionSchema>): Retention {
  return {
    rawReadings: {
      ageMs: rawReadings.hours * hourMs,
      bytes: rawReadings.mebibytes * mebibyte,
    },
    deadLetters: {
      ageMs: deadLetters.days * 24 * hourMs,
      bytes: deadLetters.mebibytes * mebibyte,
      rows: deadLetters.count,
    },
  };
}

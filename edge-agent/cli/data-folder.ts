/** Opens the database of a data folder beside a running agent, for the small commands. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { SqliteEventLog } from '../event-store/sqlite-event-log.ts';

/** An error of the person who typed the command: told without a stack. */
export class UsageError extends Error {}

function requireDatabase(folder: string): string {
  const file = join(folder, 'store.db');
  if (!existsSync(file)) {
    throw new UsageError(
      `${folder} holds no store.db. Start the agent once, or name its dataFolder.`,
    );
  }
  return file;
}

/** For reading the log while the agent may be running. @throws UsageError, StorageError */
export function openLogForReading(folder: string): SqliteEventLog {
  requireDatabase(folder);
  return new SqliteEventLog({ folder, storeGln: '', readOnly: true });
}

/** For the tables beside the log; the agent may be running. @throws UsageError */
export function openSideTables(folder: string): Database {
  return new SqliteDatabase(requireDatabase(folder), { timeout: 5_000 });
}

/** Runs a command; what the person can mend is told in one line. */
export async function runCommand(command: () => Promise<unknown>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error.message);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/** Opens the database of a data folder beside a running agent, for the small commands. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { Command } from 'commander';
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

/** A subcommand that ends with 2 when it is called wrongly; 1 says that what was asked for failed. */
export function commandNamed(name: string): Command {
  return new Command(name).exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
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

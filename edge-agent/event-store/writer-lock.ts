/**
 * One agent per data folder. A lock that the system takes away when its holder dies, even by SIGKILL:
 * an exclusive SQLite transaction on a file of its own, held for as long as the agent runs.
 */
import SqliteDatabase from 'better-sqlite3';
import { StorageError } from './storage-error.ts';

/**
 * Takes the lock and answers how to give it back.
 * @throws StorageError `in-use` when another process has it.
 */
export function takeWriterLock(lockFile: string): () => void {
  const database = new SqliteDatabase(lockFile, { timeout: 0 });
  try {
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) {
      throw new StorageError('in-use', lockFile, { cause: error });
    }
    throw error;
  }
  return () => database.close();
}

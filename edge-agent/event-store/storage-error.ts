/** Failures of the disk and the database, with what the person who meets them should do. */

export const storageFaults = {
  'disk-full': [
    'The disk is full.',
    'Free space on the data folder’s disk; the agent goes on by itself.',
  ],
  'disk-failing': [
    'The disk does not do what it is asked.',
    'Check the disk and its cable; replace it.',
  ],
  'read-only': [
    'The data folder cannot be written.',
    'Check its rights and how the disk is mounted.',
  ],
  'database-broken': [
    'The database is damaged.',
    'Keep the data folder as it is and call support.',
  ],
  'in-use': [
    'Another agent runs on this data folder.',
    'End the other agent, or name another folder.',
  ],
  'wrong-store': ['The log belongs to another store.', 'Check `store` in the configuration.'],
  'newer-release': ['A newer release wrote this log.', 'Start that release or a later one.'],
} as const satisfies Record<string, readonly [meaning: string, advice: string]>;

export type StorageFault = keyof typeof storageFaults;

export class StorageError extends Error {
  readonly fault: StorageFault;

  constructor(fault: StorageFault, detail: string, options?: ErrorOptions) {
    const [meaning, advice] = storageFaults[fault];
    super(`${meaning} ${advice} (${detail})`, options);
    this.name = 'StorageError';
    this.fault = fault;
  }
}

/** SQLite's result codes (sqlite.org/rescode.html), by their first two words. */
const faultBySqliteCode: readonly [prefix: string, fault: StorageFault][] = [
  ['SQLITE_FULL', 'disk-full'],
  ['SQLITE_BUSY', 'in-use'],
  ['SQLITE_LOCKED', 'in-use'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_CANTOPEN', 'read-only'],
  ['SQLITE_PERM', 'read-only'],
  ['SQLITE_CORRUPT', 'database-broken'],
  ['SQLITE_NOTADB', 'database-broken'],
  ['SQLITE_IOERR', 'disk-failing'],
];

/** Gives an error of SQLite its code; anything else is a bug and is thrown on as it is. */
export function asStorageError(error: unknown, doing: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  const known = faultBySqliteCode.find(([prefix]) => code.startsWith(prefix));
  if (!known) return error;
  return new StorageError(known[1], `${doing}: ${code}`, { cause: error });
}

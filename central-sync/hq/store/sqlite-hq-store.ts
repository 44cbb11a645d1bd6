/**
 * HQ's database in SQLite: WAL with `synchronous=FULL`, so an acknowledgement that follows `append`
 * means that the bytes are durable.
 */
import { randomBytes } from 'node:crypto';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import type { LaneAddress, ReceivedEvent } from '../ingest/batch.ts';
import type { OrderAnswer, OrderRow, PlacedOrder } from '../orders/placed-order.ts';
import type {
  EventFilter,
  EventRow,
  Greeting,
  HqStore,
  LaneMarkRow,
  StoredCommand,
  StoreRow,
} from './hq-store.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS hq_identity (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    epoch TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS stores (
    gln TEXT PRIMARY KEY,
    installation_id TEXT NOT NULL,
    epoch TEXT NOT NULL,
    agent_version TEXT NOT NULL,
    master_data_version TEXT NOT NULL,
    last_seen_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY,
    store_gln TEXT NOT NULL,
    epoch TEXT NOT NULL,
    lane INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    position INTEGER NOT NULL,
    type TEXT NOT NULL,
    occurred_at_ms INTEGER NOT NULL,
    recorded_at_ms INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    business_day TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    gtin TEXT NOT NULL,
    quarantine_reason TEXT NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (store_gln, epoch, lane, sequence)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS events_by_correlation ON events (correlation_id)
    WHERE correlation_id <> '';
  CREATE INDEX IF NOT EXISTS events_by_product ON events (gtin) WHERE gtin <> '';
  CREATE TABLE IF NOT EXISTS commands (
    gln TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    issued_at_ms INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (gln, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS orders (
    store_gln TEXT NOT NULL,
    proposal_id TEXT NOT NULL,
    gtin TEXT NOT NULL,
    base_units INTEGER NOT NULL,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL,
    value_minor_units INTEGER NOT NULL,
    heard_by TEXT NOT NULL,
    heard_at_ms INTEGER NOT NULL,
    status TEXT NOT NULL,
    order_number TEXT NOT NULL,
    reason TEXT NOT NULL,
    answered_at_ms INTEGER NOT NULL,
    PRIMARY KEY (store_gln, proposal_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS command_receipts (
    gln TEXT PRIMARY KEY,
    through_sequence INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

const eventColumns = `id, store_gln AS storeGln, epoch, lane, sequence, position, type,
  occurred_at_ms AS occurredAtMs, recorded_at_ms AS recordedAtMs, received_at_ms AS receivedAtMs,
  business_day AS businessDay, correlation_id AS correlationId, gtin,
  quarantine_reason AS quarantineReason`;

const insertEvent = `INSERT INTO events (store_gln, epoch, lane, sequence, position, type,
  occurred_at_ms, recorded_at_ms, received_at_ms, business_day, correlation_id, gtin,
  quarantine_reason, bytes) VALUES (@storeGln, @epoch, @lane, @sequence, @position, @type,
  @occurredAtMs, @recordedAtMs, @receivedAtMs, @businessDay, @correlationId, @gtin,
  @quarantineReason, @bytes)`;

function readEpoch(database: Database): string {
  database
    .prepare('INSERT OR IGNORE INTO hq_identity VALUES (1, ?)')
    .run(`hq-${randomBytes(8).toString('hex')}`);
  return String(database.prepare('SELECT epoch FROM hq_identity').pluck().get());
}

export class SqliteHqStore implements HqStore {
  readonly epoch: string;
  readonly #database: Database;

  constructor(file: string) {
    this.#database = new SqliteDatabase(file, { timeout: 5_000 });
    this.#database.pragma('journal_mode = WAL');
    this.#database.pragma('synchronous = FULL');
    this.#database.exec(schema);
    this.epoch = readEpoch(this.#database);
  }

  greet(greeting: Greeting): { otherInstallation: string | null } {
    const known = this.#database
      .prepare('SELECT installation_id FROM stores WHERE gln = ?')
      .pluck()
      .get(greeting.gln) as string | undefined;
    this.#database
      .prepare(
        `INSERT INTO stores VALUES (@gln, @installationId, @epoch, @agentVersion,
           @masterDataVersion, @atMs)
         ON CONFLICT DO UPDATE SET installation_id = excluded.installation_id,
           epoch = excluded.epoch, agent_version = excluded.agent_version,
           master_data_version = excluded.master_data_version,
           last_seen_at_ms = excluded.last_seen_at_ms`,
      )
      .run(greeting);
    const isOther = known !== undefined && known !== greeting.installationId;
    return { otherInstallation: isOther ? known : null };
  }

  marks(gln: string, epoch: string): LaneMarkRow[] {
    return this.#database
      .prepare(
        `SELECT lane, max(sequence) AS sequence, bytes FROM events
         WHERE store_gln = ? AND epoch = ? GROUP BY lane`,
      )
      .all(gln, epoch) as LaneMarkRow[];
  }

  append(
    address: LaneAddress,
    events: readonly ReceivedEvent[],
    atMs: number,
    masterDataVersion: string | null,
    orders: readonly PlacedOrder[],
  ): void {
    const insert = this.#database.prepare(insertEvent);
    const seen = this.#database.prepare(
      `UPDATE stores SET last_seen_at_ms = ?,
         master_data_version = coalesce(?, master_data_version) WHERE gln = ?`,
    );
    this.#database.transaction(() => {
      for (const event of events) insert.run({ ...address, ...event, receivedAtMs: atMs });
      for (const order of orders) this.#keepOrder(address.storeGln, order, 'event', atMs);
      seen.run(atMs, masterDataVersion, address.storeGln);
    })();
  }

  #keepOrder(gln: string, order: PlacedOrder, heardBy: string, atMs: number): boolean {
    const { changes } = this.#database
      .prepare(
        `INSERT OR IGNORE INTO orders VALUES (@gln, @proposalId, @gtin, @baseUnits, @unit, @kind,
           @valueMinorUnits, @heardBy, @atMs, 'waiting', '', '', 0)`,
      )
      .run({ ...order, gln, heardBy, atMs });
    return changes > 0;
  }

  placeOrder(gln: string, order: PlacedOrder, atMs: number): boolean {
    return this.#keepOrder(gln, order, 'call', atMs);
  }

  orders(limit: number): OrderRow[] {
    return this.#database
      .prepare(
        `SELECT store_gln AS storeGln, proposal_id AS proposalId, gtin, base_units AS baseUnits, unit,
           kind, value_minor_units AS valueMinorUnits, heard_by AS heardBy, heard_at_ms AS heardAtMs,
           status, order_number AS orderNumber, reason, answered_at_ms AS answeredAtMs
         FROM orders ORDER BY status <> 'waiting', heard_at_ms DESC, proposal_id LIMIT ?`,
      )
      .all(limit) as OrderRow[];
  }

  answerOrder(
    gln: string,
    proposalId: string,
    answer: OrderAnswer,
    atMs: number,
    encode: (sequence: number) => Uint8Array,
  ): number | null {
    const { accepted, orderNumber, reason } = answer;
    return this.#database
      .transaction(() => {
        const { changes } = this.#database
          .prepare(
            `UPDATE orders SET status = ?, order_number = ?, reason = ?, answered_at_ms = ?
             WHERE store_gln = ? AND proposal_id = ? AND status = 'waiting'`,
          )
          .run(
            accepted ? 'accepted' : 'refused',
            accepted ? orderNumber : '',
            reason,
            atMs,
            gln,
            proposalId,
          );
        return changes === 0 ? null : this.addCommand(gln, atMs, encode);
      })
      .immediate();
  }

  eventBytes(id: number): Uint8Array | null {
    const bytes = this.#database.prepare('SELECT bytes FROM events WHERE id = ?').pluck().get(id);
    return bytes instanceof Uint8Array ? bytes : null;
  }

  events(filter: EventFilter): EventRow[] {
    const { limit, beforeId, ...equal } = filter;
    const columns = {
      storeGln: 'store_gln',
      type: 'type',
      correlationId: 'correlation_id',
      gtin: 'gtin',
    } as const;
    const wanted = Object.entries(columns).filter(([name]) => equal[name as keyof typeof equal]);
    const clauses = wanted.map(([name, column]) => `${column} = @${name}`);
    if (beforeId !== undefined) clauses.push('id < @beforeId');
    const where = clauses.length > 0 ? `WHERE ${clauses.join(' AND ')}` : '';
    return this.#database
      .prepare(`SELECT ${eventColumns} FROM events ${where} ORDER BY id DESC LIMIT @limit`)
      .all({ ...filter }) as EventRow[];
  }

  eventTypes(): string[] {
    return this.#database
      .prepare("SELECT DISTINCT type FROM events WHERE type <> '' ORDER BY type")
      .pluck()
      .all() as string[];
  }

  stores(): StoreRow[] {
    return this.#database
      .prepare(
        `SELECT gln, installation_id AS installationId, epoch, agent_version AS agentVersion,
           master_data_version AS masterDataVersion, last_seen_at_ms AS lastSeenAtMs,
           (SELECT count(*) FROM events WHERE store_gln = gln) AS events,
           (SELECT count(*) FROM events WHERE store_gln = gln AND quarantine_reason <> '')
             AS quarantined,
           (SELECT coalesce(max(recorded_at_ms), 0) FROM events WHERE store_gln = gln)
             AS newestRecordedAtMs,
           (SELECT count(*) FROM commands WHERE commands.gln = stores.gln AND sequence >
             coalesce((SELECT through_sequence FROM command_receipts r WHERE r.gln = stores.gln), 0))
             AS commandsWaiting
         FROM stores ORDER BY gln`,
      )
      .all() as StoreRow[];
  }

  lastSeen(): { gln: string; lastSeenAtMs: number }[] {
    return this.#database
      .prepare('SELECT gln, last_seen_at_ms AS lastSeenAtMs FROM stores')
      .all() as { gln: string; lastSeenAtMs: number }[];
  }

  addCommand(gln: string, atMs: number, encode: (sequence: number) => Uint8Array): number {
    return this.#database
      .transaction(() => {
        const last = this.#database
          .prepare('SELECT coalesce(max(sequence), 0) FROM commands WHERE gln = ?')
          .pluck()
          .get(gln);
        const sequence = Number(last) + 1;
        this.#database
          .prepare('INSERT INTO commands VALUES (?, ?, ?, ?)')
          .run(gln, sequence, atMs, encode(sequence));
        return sequence;
      })
      .immediate();
  }

  commandsAfter(gln: string, sequence: number): StoredCommand[] {
    return this.#database
      .prepare(
        `SELECT sequence, issued_at_ms AS issuedAtMs, bytes FROM commands
         WHERE gln = ? AND sequence > ? ORDER BY sequence`,
      )
      .all(gln, sequence) as StoredCommand[];
  }

  receipt(gln: string, throughSequence: number): void {
    this.#database
      .prepare(
        `INSERT INTO command_receipts VALUES (?, ?)
         ON CONFLICT DO UPDATE SET through_sequence = max(through_sequence, excluded.through_sequence)`,
      )
      .run(gln, throughSequence);
  }

  close(): void {
    this.#database.close();
  }
}

/**
 * The limits: aedes over the same TLS that only acknowledges ("bare"), or that writes each payload into
 * one table and acknowledges after the group commit ("durable"). No decoding, no deciding.
 *
 * Arguments: bare | durable, folder with the certificate, folder for the database.
 */
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { readBundle } from '@stockhand/central-sync/client/certificate-authority.ts';
import { Aedes } from 'aedes';
import { openRows } from './bare-rows.ts';

type Callback = (error?: Error | null) => void;

const [mode = '', certificateFolder = '', dataFolder = ''] = process.argv.slice(2);
const bundle = readBundle(certificateFolder);
if (!bundle) throw new Error(`${certificateFolder} holds no certificate`);

/** Rows that wait for the event loop to drain its reads. */
let waiting: { payload: Uint8Array; callback: Callback }[] = [];
const rows = mode === 'durable' ? openRows(join(dataFolder, 'bare.db')) : null;

function commit(): void {
  const batch = waiting;
  waiting = [];
  rows?.insert(batch.map(({ payload }) => payload));
  for (const { callback } of batch) callback(null);
}

const broker = await Aedes.createBroker({
  authorizePublish: (_client, packet, callback) => {
    if (!rows) return callback(null);
    if (waiting.length === 0) setImmediate(commit);
    waiting.push({ payload: Buffer.from(packet.payload), callback });
  },
});
const tls = { cert: bundle.certificatePem, key: bundle.privateKeyPem };
const server = createServer(tls, (socket) => {
  socket.setNoDelay(true);
  broker.handle(socket);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: address && typeof address === 'object' ? address.port : 0 });
});

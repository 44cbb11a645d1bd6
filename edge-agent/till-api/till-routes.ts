/**
 * Tills that speak HTTP: POST /till/v1/sales with the till's own device id and secret (HTTP Basic).
 *
 * The answer comes after the commit: 200 means that every receipt of the document is durable (accepted,
 * seen before, or of no effect), 422 that at least one was refused or has refused lines, each with its
 * reason and its dead letter; 503 that the disk failed and the document must be sent again. Sending
 * again is always safe: a receipt is known by workstation, business day and number, a line by its own.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DeviceCredentials } from '../event-store/device-credentials.ts';
import type { Delivery, Outcome } from '../input.ts';
import { NotCommittedError } from '../loop.ts';
import type { Evidence, RunningAgent } from '../ports.ts';
import type { State } from '../state.ts';
import { readTillDocument, type TillDocument } from './till-documents.ts';

/** A batch of POSLog transactions; the codecs have limits of their own below it. */
const documentLimitBytes = 1_048_576;
const tillPath = '/till/v1/sales';

export interface TillRoutesOptions {
  agent: RunningAgent<State>;
  credentials: Pick<DeviceCredentials, 'login'>;
  /** For metrics: what became of a receipt. */
  observed(deviceId: string, result: string, reason: string): void;
}

interface Answer {
  receipt: string;
  outcome: string;
  refusals?: { reason: string; field: string; found: string; expected: string }[];
  deadLetter?: number;
}

/** Adds the till's door to a server; its bodies are read as bytes, whatever the others do. */
export async function addTillRoutes(
  server: FastifyInstance,
  options: TillRoutesOptions,
): Promise<void> {
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: documentLimitBytes },
      (_request: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void) =>
        done(null, body),
    );
    scope.post(tillPath, { bodyLimit: documentLimitBytes }, (request, reply) =>
      takeDocument(options, request, reply),
    );
  });
}

async function takeDocument(
  options: TillRoutesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const deviceId = authenticated(options, request.headers.authorization);
  if (deviceId === null) {
    return reply
      .code(401)
      .header('www-authenticate', 'Basic realm="stockhand till"')
      .send({ fault: 'Log in with the till’s device id and its secret (stockhand device add).' });
  }
  const contentType = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim() ?? '';
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const documents = readTillDocument(contentType.toLowerCase(), body, { deviceId });
  try {
    const answers = await Promise.all(
      documents.map((document) => takeOne(options, deviceId, document, body)),
    );
    const isRefused = answers.some(({ outcome }) => outcome === 'refused');
    return reply.code(isRefused ? 422 : 200).send({ receipts: answers });
  } catch (error) {
    if (!(error instanceof NotCommittedError)) throw error;
    return reply.code(503).header('retry-after', '2').send({ fault: error.message });
  }
}

function authenticated(options: TillRoutesOptions, header: string | undefined): string | null {
  const [scheme, encoded] = (header ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic' || encoded === undefined) return null;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon < 1) return null;
  const deviceId = pair.slice(0, colon);
  const secret = new TextEncoder().encode(pair.slice(colon + 1));
  return options.credentials.login(deviceId, secret) === null ? null : deviceId;
}

async function takeOne(
  options: TillRoutesOptions,
  deviceId: string,
  document: TillDocument,
  body: Uint8Array,
): Promise<Answer> {
  const { agent, observed } = options;
  const evidence: Evidence = { deviceId, source: 'http', topic: tillPath, payload: body };
  if (document.kind === 'ignored') {
    observed(deviceId, 'ignored', '');
    return { receipt: '', outcome: `ignored: ${document.reason}` };
  }
  if (document.kind === 'refused') {
    const { kind: _kind, ...refusal } = document;
    const deadLetter = await agent.keepDeadLetter({ ...evidence, ...refusal });
    observed(deviceId, 'refused', refusal.reason);
    return { receipt: '', outcome: 'refused', refusals: [refusal], deadLetter };
  }
  const { sale } = document;
  const delivery: Delivery = {
    source: 'http',
    client: deviceId,
    packetId: 0,
    duplicateFlag: false,
    retained: false,
    payloadHash: '',
  };
  const outcome = await agent.submit({ kind: 'sale', sale, deviceId, delivery }, evidence);
  return answerOf(options, deviceId, sale.receipt, outcome);
}

function answerOf(
  { observed }: TillRoutesOptions,
  deviceId: string,
  receipt: string,
  outcome: Outcome,
): Answer {
  if (outcome.kind !== 'refused') {
    observed(deviceId, outcome.kind, '');
    return { receipt, outcome: outcome.kind };
  }
  const { refusals, deadLetter } = outcome;
  for (const { reason } of refusals) observed(deviceId, 'refused', reason);
  return {
    receipt,
    outcome: 'refused',
    refusals,
    ...(deadLetter !== undefined && { deadLetter }),
  };
}

/**
 * From the body of a till's POST to receipts. The content type says which document it is:
 *
 * - `application/json`: receipts as tills commonly send them (codec pos-json);
 * - `application/xml`, `text/xml`: ARTS POSLog (codec poslog);
 * - `application/vnd.stockhand.sale+json`: proto3 JSON of TillSale, as over MQTT.
 */
import type { Reject } from '@stockhand/device-drivers/codec.ts';
import { findCodec } from '@stockhand/device-drivers/codecs/all.ts';
import { type ForeignSource, foreignInputs } from '@stockhand/device-drivers/foreign-inputs.ts';
import type { TillSale } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import type { Delivery } from '../input.ts';
import { parsePublish } from '../mqtt-broker/payload.ts';

export const ownSaleType = 'application/vnd.stockhand.sale+json';

/** Codec by content type. */
const protocols: ReadonlyMap<string, string> = new Map([
  ['application/json', 'pos-json'],
  ['application/xml', 'poslog'],
  ['text/xml', 'poslog'],
]);

export const tillTypes: readonly string[] = [ownSaleType, ...protocols.keys()];

/** One receipt of a document: a sale, something that moves no stock, or why it is refused. */
export type TillDocument =
  | { kind: 'sale'; sale: TillSale }
  | { kind: 'ignored'; reason: string }
  | { kind: 'refused'; reason: string; field: string; found: string; expected: string };

export function readTillDocument(
  contentType: string,
  body: Uint8Array,
  source: ForeignSource,
): TillDocument[] {
  if (contentType === ownSaleType) return [readOwnSale(body, source.deviceId)];
  const codec = findCodec(protocols.get(contentType) ?? '');
  if (codec === undefined) {
    const expected = tillTypes.join(', ');
    const reason = 'bad-content-type';
    return [{ kind: 'refused', reason, field: 'content-type', found: contentType, expected }];
  }
  const decoder = codec.decoder({ direction: 'device->host', context: {} });
  return [...decoder.push(body), ...decoder.end()].map(({ meaning }): TillDocument => {
    if (meaning.kind === 'reject') {
      // A reject's members are texts: see codec.ts.
      const { error, detail } = meaning as Reject;
      return { kind: 'refused', reason: error, field: '', found: detail, expected: codec.title };
    }
    const [input] = foreignInputs(meaning, source);
    if (input?.kind === 'sale') return { kind: 'sale', sale: input.sale };
    return { kind: 'ignored', reason: `${meaning['reason'] ?? meaning.kind}` };
  });
}

/** Its delivery matters to readings only: a receipt is known by its own name. */
const delivery: Delivery = {
  source: 'http',
  client: '',
  packetId: 0,
  duplicateFlag: false,
  retained: false,
  payloadHash: '',
};

function readOwnSale(body: Uint8Array, deviceId: string): TillDocument {
  const parsed = parsePublish({ store: '', deviceId, channel: 'sale' }, body, delivery);
  if (!parsed.ok) return { kind: 'refused', ...parsed.refusal };
  if (parsed.value?.kind === 'sale') return { kind: 'sale', sale: parsed.value.sale };
  return { kind: 'ignored', reason: 'no-sale' };
}

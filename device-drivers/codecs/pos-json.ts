/**
 * Receipts of a till as JSON, over MQTT or HTTP: one receipt, or an array of them.
 *
 * {"store":"1","workstation":"4","businessDay":"2026-03-01","txn":"T-1000","ts":"2026-03-01T10:00:00Z",
 *  "lines":[{"line":1,"gtin":"4006381333931","qty":2,"price":0.99}]}
 *
 * A receipt is known by store, workstation, business day and sequence (`txn`), a line in it by `line`
 * (otherwise by its place). A quantity below zero, or `"type":"return"`, is a return. Quantities and
 * prices may be numbers or text; they keep their digits. `cancelled`, `training` and `suspended`
 * receipts move no stock; `"void":true` takes a line out. Other spellings that tills use are below.
 *
 * A receipt is refused whole when one line is wrong: half a receipt would book half a sale.
 */
import { type Codec, type DecodeInput, isMembers, type Json, type Meaning } from '../codec.ts';
import { decimalOf, isNegative, negated } from './exact-decimal.ts';
import { unixTimeText } from './iso-time.ts';
import { integerOf, listOf, memberOf, objectOf, present } from './json-members.ts';
import { JsonNumber, type JsonObject, readJson } from './json-text.ts';
import { mqttPayloadDecoder, type PayloadReading } from './mqtt-payload.ts';
import { refuse } from './refusal.ts';
import {
  businessDayOf,
  gtinInCode,
  gtinOf,
  type IgnoredReason,
  idText,
  ignoredReading,
  requiredId,
  type SaleHead,
  type SaleLine,
  saleReading,
  saleTimeOf,
} from './sale.ts';

const names = {
  store: ['store', 'storeId', 'store_id', 'site'],
  workstation: ['workstation', 'workstationId', 'workstation_id', 'till', 'terminal', 'register'],
  businessDay: ['businessDay', 'business_day', 'businessDate', 'business_date'],
  sequence: ['txn', 'sequence', 'sequenceNumber', 'seq', 'receipt', 'transaction'],
  time: ['ts', 'time', 'timestamp', 'soldAt', 'sold_at'],
  lines: ['lines', 'items'],
  line: ['line', 'lineNumber', 'no'],
  gtin: ['gtin', 'ean', 'upc', 'barcode'],
  item: ['sku', 'itemId', 'item_id', 'item', 'plu'],
  code: ['code', 'scanned'],
  quantity: ['qty', 'quantity'],
  unit: ['unit', 'uom'],
  price: ['price', 'unitPrice', 'unit_price'],
} as const;

/** An id that may be sent as a whole number: 17 is "17". */
function idMember(object: JsonObject, name: keyof typeof names): string | undefined {
  const value = memberOf(object, names[name]);
  if (value === undefined || typeof value === 'string') return idText(value, name);
  const isWhole = value instanceof JsonNumber && /^[0-9]{1,20}$/.test(value.text);
  return isWhole ? value.text : refuse('wrong-type', `${name} must be text`);
}

function textMember(object: JsonObject, name: keyof typeof names): string | undefined {
  const value = memberOf(object, names[name]);
  if (value === undefined || typeof value === 'string') return value;
  return refuse('wrong-type', `${name} must be text`);
}

/**
 * Whether one of these is true, as it stands or as isVoided, is_voided, voidedFlag. A flag that is
 * neither true nor false is refused: it decides whether goods left the store.
 */
function isSet(object: JsonObject, spellings: readonly string[]): boolean {
  return [...object].some(([name, value]) => {
    const plain = name.replace(/^is_?(?=[A-Za-z])|_?flag$/gi, '').toLowerCase();
    if (!spellings.includes(plain) || value === null) return false;
    if (typeof value === 'boolean') return value;
    return refuse('wrong-type', `${name} must be true or false`);
  });
}

/** The words in which a receipt or a line says what it is, in lower case. */
function wordsOf(object: JsonObject): string[] {
  const told = ['status', 'state', 'mode', 'type', 'transactionType', 'transaction_type'];
  const values = told.map((name) => object.get(name));
  return values.flatMap((value) => (typeof value === 'string' ? [value.toLowerCase()] : []));
}

const reasonByWord: ReadonlyMap<string, IgnoredReason> = new Map([
  ['cancelled', 'cancelled'],
  ['canceled', 'cancelled'],
  ['cancel', 'cancelled'],
  ['training', 'training'],
  ['trainingmode', 'training'],
  ['training_mode', 'training'],
  ['suspended', 'suspended'],
  ['suspend', 'suspended'],
  ['parked', 'suspended'],
  ['voided', 'voided'],
  ['void', 'voided'],
]);
/** A receipt that is not finished comes again when it is. */
const unfinished = ['open', 'pending', 'draft', 'hold', 'on-hold'];
const reasons = ['cancelled', 'training', 'suspended', 'voided'] as const;
const spellingsOf = (reason: IgnoredReason) =>
  [...reasonByWord].flatMap(([spelling, meant]) => (meant === reason ? [spelling] : []));

function ignoredReason(receipt: JsonObject): IgnoredReason | undefined {
  const flagged = reasons.find((reason) => isSet(receipt, spellingsOf(reason)));
  if (flagged !== undefined) return flagged;
  const words = wordsOf(receipt);
  const told = words.map((word) => reasonByWord.get(word)).find(Boolean);
  return told ?? (words.some((word) => unfinished.includes(word)) ? 'suspended' : undefined);
}

const returnWords = ['return', 'returned', 'refund', 'refunded'];

function isReturned(object: JsonObject): boolean {
  return isSet(object, returnWords) || wordsOf(object).some((word) => returnWords.includes(word));
}

function quantityOf(line: JsonObject, isReturn: boolean): string {
  const value = memberOf(line, names.quantity);
  if (value === undefined) return refuse('wrong-type', 'a line without a quantity');
  const quantity = decimalOf(value, 'quantity');
  return isReturn && !isNegative(quantity) ? negated(quantity) : quantity;
}

/** As the till numbers it, otherwise its place in the receipt. */
function lineNumber(line: JsonObject, place: number): number {
  const number = memberOf(line, names.line);
  return number === undefined ? place : integerOf(number, 'line');
}

function lineOf(line: JsonObject, place: number, isReturn: boolean): SaleLine {
  const gtin = idMember(line, 'gtin');
  const itemId = idMember(line, 'item');
  const code = idMember(line, 'code');
  if (gtin === undefined && itemId === undefined && code === undefined) {
    return refuse('wrong-type', `line ${place} names no item`);
  }
  // What is called a GTIN must be one; of a code, that is seen.
  const product = gtin === undefined ? gtinInCode(code ?? '') : gtinOf(gtin);
  const price = memberOf(line, names.price);
  const unit = textMember(line, 'unit');
  return {
    line: lineNumber(line, place),
    ...(product !== undefined && { gtin: product }),
    ...(code !== undefined && { posItemId: code }),
    ...(itemId !== undefined && { itemId }),
    quantity: quantityOf(line, isReturn || isReturned(line)),
    ...(unit !== undefined && { unit }),
    ...(price !== undefined && { unitPrice: decimalOf(price, 'price') }),
  };
}

const voidWords = [...spellingsOf('voided'), ...spellingsOf('cancelled'), 'deleted'];

const isVoid = (line: JsonObject): boolean =>
  isSet(line, voidWords) || wordsOf(line).some((word) => voidWords.includes(word));

/** The store in the topic pos/<store>/sale; other topics say nothing. */
function storeInTopic(topic: string | undefined): string | undefined {
  return topic === undefined ? undefined : /^pos\/([^/+#]+)\/[^/]+$/.exec(topic)?.[1];
}

/** As sent; Unix seconds or milliseconds become a time in UTC. */
function timeOf(receipt: JsonObject): string | undefined {
  const value = memberOf(receipt, names.time);
  if (!(value instanceof JsonNumber)) return saleTimeOf(textMember(receipt, 'time'));
  return unixTimeText(value.value) ?? refuse('bad-date', `the time ${value.text}`);
}

function headOf(receipt: JsonObject, topic: string | undefined): SaleHead {
  const told = storeInTopic(topic);
  const store = idMember(receipt, 'store') ?? told;
  if (told !== undefined && store !== told) {
    refuse('topic-mismatch', `the topic names store ${told}, the receipt ${store}`);
  }
  const workstation = idMember(receipt, 'workstation');
  const businessDay = businessDayOf(textMember(receipt, 'businessDay'));
  const time = timeOf(receipt);
  const currency = memberOf(receipt, ['currency']);
  return {
    store: requiredId(store, 'store'),
    sequence: requiredId(idMember(receipt, 'sequence'), 'txn'),
    ...(workstation !== undefined && { workstation }),
    ...(businessDay !== undefined && { businessDay }),
    ...(time !== undefined && { time }),
    ...(typeof currency === 'string' && { currency }),
  };
}

function receiptReading(receipt: JsonObject, topic: string | undefined): PayloadReading {
  const head = headOf(receipt, topic);
  const reason = ignoredReason(receipt);
  if (reason !== undefined) return ignoredReading(reason, head);
  const isReturn = isReturned(receipt);
  const sold: SaleLine[] = [];
  const voided: number[] = [];
  listOf(memberOf(receipt, names.lines), 'lines').forEach((item, index) => {
    const line = objectOf(item, 'a line');
    if (isVoid(line)) voided.push(lineNumber(line, index + 1));
    else sold.push(lineOf(line, index + 1, isReturn));
  });
  return saleReading(head, sold, voided);
}

function read({ bytes, topic }: DecodeInput): PayloadReading | PayloadReading[] {
  if (bytes.length === 0) return refuse('empty', 'no bytes');
  const document = readJson(bytes);
  if (!Array.isArray(document)) return receiptReading(objectOf(document, 'the receipt'), topic);
  if (document.length === 0) return refuse('empty', 'no receipts');
  return document.map((item) => receiptReading(objectOf(item, 'a receipt'), topic));
}

/** Members of a message that is a JSON object of text and numbers. */
function encodeLine(line: Json): Json {
  if (!isMembers(line)) {
    throw new RangeError('a line is an object');
  }
  const { line: number, gtin, item_id: sku, pos_item_id: code, quantity: qty } = line;
  const { unit, unit_price: price } = line;
  return present<Json>({ line: number, gtin, sku, code, qty, unit, price });
}

function encode(meaning: Meaning): Uint8Array {
  const { store, workstation, business_day: businessDay, sequence: txn, time: ts } = meaning;
  const { lines, reason, currency } = meaning;
  const reasonFlag = reasons.find((known) => known === reason);
  const isSale = meaning.kind === 'sale' && Array.isArray(lines);
  if (!isSale && !(meaning.kind === 'ignored' && reasonFlag !== undefined)) {
    throw new RangeError('a till says a sale with its lines, or why a receipt is ignored');
  }
  const receipt = present<Json>({
    ...{ store, workstation, businessDay, txn, ts, currency },
    ...(reasonFlag !== undefined && { [reasonFlag]: true }),
    lines: isSale ? lines.map(encodeLine) : [],
  });
  return new TextEncoder().encode(JSON.stringify(receipt));
}

export const posJson: Codec = {
  protocol: 'pos-json',
  title: 'Receipts of a till as JSON',
  group: 'till',
  source: 'this project: the head of pos-json.ts documents the form',
  line: '',
  settings: [],
  decoder: (input) => mqttPayloadDecoder(input, read),
  encode,
};

/**
 * ARTS POSLog: the XML in which tills hand on their transactions (versions 2 to 6; the older "stock
 * view" has its line items directly below the transaction, later ones below RetailTransaction).
 *
 * A transaction is known by store, workstation, business day and sequence number. Flags decide whether
 * stock moves: CancelFlag, TrainingModeFlag and SuspendFlag of the transaction (or its
 * TransactionStatus), and VoidFlag, CancelFlag or DeleteFlag of each line. `Return` brings goods back:
 * its quantity is given below zero. What is no merchandise (services, deposits, tenders, taxes) is no
 * line.
 *
 * Example: <LineItem><SequenceNumber>1</…><Return><POSIdentity><POSItemID>4006381333931</…>
 * <Quantity>1</…> is line 1 with gtin 04006381333931 and quantity "-1".
 *
 * Which product a line is about says `poslog-item.ts`.
 */
import { type Codec, type DecodeInput, isMembers, type Json, type Meaning } from '../codec.ts';
import { isNegative, negated, plainDecimal, unsigned } from './exact-decimal.ts';
import { mqttPayloadDecoder, type PayloadReading } from './mqtt-payload.ts';
import { soldItem } from './poslog-item.ts';
import { refuse } from './refusal.ts';
import {
  businessDayOf,
  type IgnoredReason,
  ignoredReading,
  requiredId,
  type SaleHead,
  type SaleLine,
  saleReading,
  saleTimeOf,
} from './sale.ts';
import { child, childrenOf, childText, readXml, type XmlElement } from './xml-tree.ts';

/** One receipt of 500 lines with all that vendors add to it, or a batch of small ones. */
const maxDocumentBytes = 1_048_576;

/** As XML schema writes it, or with the capital letter of some tills' language. */
function flag(element: XmlElement, name: string): boolean {
  const value = (element.attributes.get(name) ?? 'false').trim().toLowerCase();
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  return refuse('wrong-type', `${name}="${value.slice(0, 16)}" is neither true nor false`);
}

const reasonByStatus: ReadonlyMap<string, IgnoredReason> = new Map([
  ['voided', 'voided'],
  ['canceled', 'cancelled'],
  ['cancelled', 'cancelled'],
  ['suspended', 'suspended'],
  ['failed', 'cancelled'],
]);

function ignoredReason(parts: readonly XmlElement[]): IgnoredReason | undefined {
  const isSet = (name: string) => parts.some((part) => flag(part, name));
  if (isSet('CancelFlag')) return 'cancelled';
  if (isSet('TrainingModeFlag')) return 'training';
  if (isSet('SuspendFlag')) return 'suspended';
  if (isSet('VoidFlag')) return 'voided';
  for (const part of parts) {
    const status = (part.attributes.get('TransactionStatus') ?? '').toLowerCase();
    if (status === 'postvoided') {
      refuse(
        'wrong-type',
        'a post-voided transaction: the receipt that it takes back is not known',
      );
    }
    const reason = reasonByStatus.get(status);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Version 6 may name a country or region beside the store; each says what it is. */
function storeUnit(transaction: XmlElement): XmlElement | undefined {
  const units = childrenOf(transaction, 'BusinessUnit');
  const typeOf = (unit: XmlElement) => child(unit, 'UnitID')?.attributes.get('TypeCode');
  return units.find((unit) => typeOf(unit) === 'RetailStore') ?? units[0];
}

function storeOf(transaction: XmlElement): string | undefined {
  const unit = storeUnit(transaction);
  const inUnit = unit === undefined ? undefined : (childText(unit, 'UnitID') ?? unit.text.trim());
  return childText(transaction, 'RetailStoreID') ?? inUnit;
}

/**
 * Tills of version 6 may leave the business day out. The day on which the receipt ended takes its place:
 * it is the same whenever the receipt is sent again, which is all that a receipt's name needs.
 */
function dayOf(transaction: XmlElement, time: string | undefined): string {
  const text = childText(transaction, 'BusinessDayDate');
  const isVersion6 = child(transaction, 'BusinessUnit') !== undefined;
  const day = businessDayOf(text ?? (isVersion6 ? time : undefined));
  return day ?? refuse('wrong-type', 'BusinessDayDate is missing');
}

function headOf(transaction: XmlElement, retail: XmlElement | undefined): SaleHead {
  const end = childText(transaction, 'EndDateTime');
  const receipt = retail === undefined ? undefined : childText(retail, 'ReceiptDateTime');
  const time = saleTimeOf(
    end ?? receipt ?? childText(transaction, 'BeginDateTime', 'POSLogDateTime'),
  );
  const currency = childText(transaction, 'CurrencyCode');
  return {
    store: requiredId(storeOf(transaction), 'RetailStoreID'),
    workstation: requiredId(childText(transaction, 'WorkstationID', 'TillID'), 'WorkstationID'),
    businessDay: dayOf(transaction, time),
    sequence: requiredId(
      childText(transaction, 'SequenceNumber', 'TransactionID'),
      'SequenceNumber',
    ),
    ...(time !== undefined && { time }),
    ...(currency !== undefined && { currency }),
  };
}

/** UN/CEFACT Recommendation 20, and what tills write in its place. */
const units: ReadonlyMap<string, string | undefined> = new Map([
  ['', undefined],
  ...['ea', 'each', 'pce', 'pcs', 'st', 'h87', 'c62', 'un', 'unit'].map(
    (name): [string, undefined] => [name, undefined],
  ),
  ...['kg', 'kgm', 'kilogram'].map((name): [string, string] => [name, 'kg']),
  ...['g', 'gr', 'grm', 'gram'].map((name): [string, string] => [name, 'g']),
  ...['lb', 'lbr', 'lbs', 'pound'].map((name): [string, string] => [name, 'lb']),
  ...['oz', 'onz'].map((name): [string, string] => [name, 'oz']),
  ...['l', 'ltr'].map((name): [string, string] => [name, 'l']),
  ...['m', 'mtr'].map((name): [string, string] => [name, 'm']),
]);

/** Text of the element is the quantity in its unit of measure; `Units` counts pieces (ARTS schema). */
function quantityOf(sale: XmlElement, line: number): Pick<SaleLine, 'quantity' | 'unit'> {
  const element = child(sale, 'Quantity');
  const found = element?.text.trim() ?? '';
  if (element === undefined || found === '') {
    return refuse('wrong-type', `line ${line} has no Quantity`);
  }
  const text = plainDecimal(found);
  if (text === null) return refuse('bad-number', `Quantity "${found.slice(0, 24)}"`);
  const code = (element.attributes.get('UnitOfMeasureCode') ?? '').toLowerCase();
  if (!units.has(code)) refuse('bad-unit', `UnitOfMeasureCode "${code.slice(0, 16)}"`);
  const unit = units.get(code);
  const pieces = element.attributes.get('Units')?.trim();
  if (pieces?.includes('.') && Number(pieces) % 1 !== 0 && Number(pieces) !== Number(text)) {
    refuse('bad-unit', `Quantity ${text} with Units ${pieces}: which of them was weighed?`);
  }
  return { quantity: text, ...(unit !== undefined && { unit }) };
}

function priceOf(sale: XmlElement): string | undefined {
  const prices = ['ActualSalesUnitPrice', 'RegularSalesUnitPrice', 'UnitListPrice', 'UnitPrice'];
  const found = childText(sale, ...prices);
  if (found === undefined) return undefined;
  return plainDecimal(found) ?? refuse('bad-number', `unit price "${found.slice(0, 24)}"`);
}

/** Item types of which no stock is kept; what is not listed is merchandise. */
const withoutStock = new Set(
  ['Service', 'Deposit', 'DepositRefund', 'Fee', 'GiftCertificate', 'GiftCard', 'StoredValue']
    .concat(['Alteration', 'Tare', 'Coupon', 'Donation', 'Warranty', 'Tax', 'Voucher'])
    .map((name) => name.toLowerCase()),
);

function lineNumber(line: XmlElement, place: number): number {
  const text = childText(line, 'SequenceNumber');
  if (text === undefined) return place;
  return /^[0-9]{1,9}$/.test(text)
    ? Number(text)
    : refuse('bad-number', `line SequenceNumber "${text.slice(0, 24)}"`);
}

/** Each of them takes a line out of the receipt. */
const lineFlags = ['VoidFlag', 'CancelFlag', 'DeleteFlag'];

function soldLine(sale: XmlElement, line: number): SaleLine {
  const { quantity, unit } = quantityOf(sale, line);
  const isReturn = sale.name === 'Return' && !isNegative(quantity);
  const unitPrice = priceOf(sale);
  return {
    line,
    ...soldItem(sale, line),
    quantity: isReturn ? negated(quantity) : quantity,
    ...(unit !== undefined && { unit }),
    ...(unitPrice !== undefined && { unitPrice }),
  };
}

/**
 * The line that a voided one takes back. Some tills leave the line as it was sold and add a voided one
 * that links to it (ItemLink) and names the same item: both are then out. A link between different
 * items ties a deposit to its bottle.
 */
function takenBack(sold: readonly SaleLine[], voiding: XmlElement, line: number) {
  const link = childText(voiding, 'ItemLink');
  const linked = sold.find((candidate) => String(candidate.line) === link);
  if (linked === undefined) return undefined;
  const { itemId, posItemId, quantity } = soldLine(voiding, line);
  const isSame = itemId === undefined ? linked.posItemId === posItemId : linked.itemId === itemId;
  if (!isSame) return undefined;
  if (unsigned(quantity) !== unsigned(linked.quantity)) {
    refuse(
      'wrong-type',
      `line ${line} voids ${quantity} of the ${linked.quantity} of line ${link}`,
    );
  }
  return linked;
}

function linesOf(elements: readonly XmlElement[]): { sold: SaleLine[]; voided: number[] } {
  let sold: SaleLine[] = [];
  const voiding: [XmlElement, number][] = [];
  elements.forEach((element, index) => {
    const sale = child(element, 'Sale', 'Return');
    if (sale === undefined) return;
    if (withoutStock.has((sale.attributes.get('ItemType') ?? '').toLowerCase())) return;
    const line = lineNumber(element, index + 1);
    if (lineFlags.some((name) => flag(element, name))) voiding.push([sale, line]);
    else sold.push(soldLine(sale, line));
  });
  const voided = voiding.map(([, line]) => line);
  for (const [sale, line] of voiding) {
    const taken = takenBack(sold, sale, line);
    if (taken === undefined) continue;
    sold = sold.filter((candidate) => candidate !== taken);
    voided.push(taken.line);
  }
  return { sold, voided: voided.sort((one, other) => one - other) };
}

function transactionReading(transaction: XmlElement): PayloadReading {
  const retail = child(transaction, 'RetailTransaction');
  const parts = retail === undefined ? [transaction] : [transaction, retail];
  const items = parts.flatMap((part) => childrenOf(part, 'LineItem'));
  const head = headOf(transaction, retail);
  const reason = ignoredReason(parts);
  if (reason !== undefined) return ignoredReading(reason, head);
  const link = parts.map((part) => child(part, 'TransactionLink')).find(Boolean);
  if (/^(?:post)?void$/i.test(link?.attributes.get('ReasonCode') ?? '')) {
    refuse('wrong-type', 'a post-void: the receipt that it takes back must be corrected by hand');
  }
  if (retail === undefined && items.length === 0) return ignoredReading('no-sale', head);
  const { sold, voided } = linesOf(items);
  return saleReading(head, sold, voided);
}

function read({ bytes }: DecodeInput): PayloadReading[] {
  if (bytes.length === 0) return refuse('empty', 'no bytes');
  const root = readXml(bytes);
  if (root.name === 'Transaction') return [transactionReading(root)];
  if (root.name !== 'POSLog') return refuse('wrong-type', `<${root.name}> is no POSLog`);
  const transactions = childrenOf(root, 'Transaction');
  if (transactions.length === 0) refuse('empty', 'a POSLog without transactions');
  return transactions.map(transactionReading);
}

const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };

function tag(name: string, value: Json | undefined): string {
  if (value === undefined) return '';
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new RangeError(`${name} is text or a number`);
  }
  const text = String(value).replace(/[&<"]/g, (found) => markup[found] ?? found);
  return `<${name}>${text}</${name}>`;
}

const unitCodes: Readonly<Record<string, string>> = { kg: 'KGM', g: 'GRM', lb: 'LBR', oz: 'ONZ' };

function lineText(line: Json): string {
  if (!isMembers(line)) {
    throw new RangeError('a line is an object');
  }
  const { line: number, gtin, item_id: itemId, pos_item_id: posItemId = gtin } = line;
  const { quantity, unit, unit_price: price, serial } = line;
  if (typeof quantity !== 'string') throw new RangeError('a line needs its quantity as text');
  const name = isNegative(quantity) ? 'Return' : 'Sale';
  const code = typeof unit === 'string' ? unitCodes[unit] : 'EA';
  if (code === undefined) throw new RangeError(`POSLog has no unit ${String(unit)}`);
  return [
    `<LineItem VoidFlag="false">${tag('SequenceNumber', number)}<${name} ItemType="Stock">`,
    posItemId === undefined ? '' : `<POSIdentity>${tag('POSItemID', posItemId)}</POSIdentity>`,
    tag('ItemID', itemId),
    tag('ActualSalesUnitPrice', price),
    `<Quantity UnitOfMeasureCode="${code}">${unsigned(quantity)}</Quantity>`,
    `${tag('SerialNumber', serial)}</${name}></LineItem>`,
  ].join('');
}

const flagByReason: Readonly<Record<string, string>> = {
  cancelled: 'CancelFlag',
  training: 'TrainingModeFlag',
  suspended: 'SuspendFlag',
};

function encode(meaning: Meaning): Uint8Array {
  const { store, workstation, business_day: day, sequence, time, currency, lines } = meaning;
  const reason =
    typeof meaning['reason'] === 'string' ? flagByReason[meaning['reason']] : undefined;
  const isSale = meaning.kind === 'sale' && Array.isArray(lines);
  if (!isSale && !(meaning.kind === 'ignored' && reason !== undefined)) {
    throw new RangeError('POSLog says a sale with its lines, or why a receipt is ignored');
  }
  const flagText = reason === undefined ? '' : ` ${reason}="true"`;
  const head = [
    tag('RetailStoreID', store),
    tag('WorkstationID', workstation),
    tag('SequenceNumber', sequence),
    tag('BusinessDayDate', day),
    tag('EndDateTime', time),
    tag('CurrencyCode', currency),
  ].join('');
  const items = isSale ? lines.map(lineText).join('') : '';
  const text = `<?xml version="1.0" encoding="UTF-8"?><POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/"><Transaction${flagText}>${head}<RetailTransaction>${items}</RetailTransaction></Transaction></POSLog>`;
  return new TextEncoder().encode(text);
}

export const poslog: Codec = {
  protocol: 'poslog',
  title: 'ARTS POSLog (XML)',
  group: 'till',
  source: 'ARTS / OMG POSLog 2 to 6; ARTS inventory charter example 2005',
  line: '',
  settings: [],
  decoder: (input) => mqttPayloadDecoder(input, read, maxDocumentBytes),
  encode,
};

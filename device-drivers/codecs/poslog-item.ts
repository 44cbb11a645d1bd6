/**
 * Which product a line of a POSLog is about. Tills write it in up to four places: POSItemID is what was
 * scanned or typed (a line may hold several, each with its type), ItemID the retailer's own number, and
 * version 6 adds SerialNumber elements by type, among them the tag that an RFID till read.
 *
 * A code is a GTIN only where its check digit is right. Where the document calls it one and the check
 * digit is wrong, the document is refused; but the codes that tills fill up with zeros
 * (0000000000121 called "EAN") are numbers of the house whatever they are called. A line whose
 * tag names another product than its bar code is refused.
 *
 * Example: <ItemID>1607701</ItemID><SerialNumber Type="SGTIN">30395DFA835709C0000A28D3</SerialNumber> is
 * item 1607701, GTIN 03583788755593, the piece with serial 665811.
 */
import { productInUri } from '../gs1/sgtin.ts';
import { productInTag } from '../gs1/sgtin-198.ts';
import { refuse } from './refusal.ts';
import { gtinInCode, gtinOf, hasEightDigits, idText, type SaleLine } from './sale.ts';
import { child, childrenOf, childText, type XmlElement } from './xml-tree.ts';

export type SoldItem = Pick<SaleLine, 'gtin' | 'itemId' | 'posItemId' | 'serial'>;

interface Product {
  gtin?: string;
  serial?: string;
}

/** GTIN and serial out of "urn:epc:id:sgtin:0614141.812345.6789" or the digits of the tag. */
function taggedProduct(text: string): Product | undefined {
  return productInUri(text) ?? productInTag(text);
}

/** "EAN", "GTIN-14", "UPCA", with or without a vendor's prefix ("X:EAN"). */
const gtinTypes = /^(?:[A-Za-z0-9]{1,12}:)?(?:gtin|ean|upc|jan)[-_ ]?(?:[0-9]{1,2}|[ae])?$/i;

/** What one code says of the product: a GTIN by its type or by its check digit, or a tag. */
function productOf(code: string, type: string | undefined): Product {
  const tagged = taggedProduct(code);
  if (tagged !== undefined) return tagged;
  const isCalledGtin = type !== undefined && gtinTypes.test(type);
  // A vendor's "EAN" of two or five digits is a key on the cashier's screen, also filled up to twelve.
  const isLong = code.length >= 12 ? hasEightDigits(code) : code.length >= 8;
  if (isCalledGtin && isLong) return { gtin: gtinOf(code) };
  const gtin = gtinInCode(code);
  return gtin === undefined ? {} : { gtin };
}

/** The SerialNumber elements: those of a known type, and one without a type as it is. */
function serialNumbers(sale: XmlElement): Product[] {
  return childrenOf(sale, 'SerialNumber').flatMap((element): Product[] => {
    const text = idText(element.text, 'SerialNumber');
    const type = element.attributes.get('Type') ?? element.attributes.get('TypeCode');
    if (text === undefined) return [];
    if (type === undefined) return [taggedProduct(text) ?? { serial: text }];
    if (gtinTypes.test(type)) return [productOf(text, type)];
    if (/sgtin|epc/i.test(type)) {
      return [taggedProduct(text) ?? refuse('bad-epc', `SerialNumber "${text}" is no SGTIN`)];
    }
    return /^serial/i.test(type) ? [{ serial: text }] : [];
  });
}

/** Refuses with wrong-type a line that names no item, or two. */
export function soldItem(sale: XmlElement, line: number): SoldItem {
  const id = child(sale, 'ItemID');
  const itemId = id === undefined ? undefined : idText(id.text, 'ItemID');
  const codes = childrenOf(sale, 'POSIdentity').flatMap((identity) => {
    const code = idText(childText(identity, 'POSItemID'), 'POSItemID');
    return code === undefined ? [] : [{ code, type: identity.attributes.get('POSIDType') }];
  });
  const posItemId = codes[0]?.code;
  if (posItemId === undefined && itemId === undefined) {
    return refuse('wrong-type', `line ${line} names no item`);
  }
  const scanned = codes.map(({ code, type }) => productOf(code, type));
  const tagged = serialNumbers(sale);
  const named = itemId === undefined ? {} : productOf(itemId, id?.attributes.get('Type'));
  // An item with several bar codes has one identity for each; the first is the one scanned.
  const known = [...scanned.filter((product) => product.gtin !== undefined).slice(0, 1), ...tagged];
  const gtins = new Set(known.flatMap(({ gtin }) => (gtin === undefined ? [] : [gtin])));
  if (gtins.size > 1) {
    refuse('wrong-type', `line ${line} names two products: ${[...gtins].join(', ')}`);
  }
  // What was scanned is the product; the retailer's number may be that of a family or a case.
  const gtin = [...gtins][0] ?? named.gtin;
  const serial = [...known, named].find((product) => product.serial !== undefined)?.serial;
  return {
    ...(gtin !== undefined && { gtin }),
    ...(itemId !== undefined && { itemId }),
    ...(posItemId !== undefined && { posItemId }),
    ...(serial !== undefined && { serial }),
  };
}

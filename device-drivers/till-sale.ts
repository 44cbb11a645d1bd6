/**
 * From a receipt as the till codecs give it to a `TillSale`, the form in which the agent books it. A
 * line with a quantity below zero is a return of that many.
 *
 * Example: line {"line":1,"gtin":"04006381333931","quantity":"-1"} is a RETURN of "1".
 */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type TillLine,
  TillLineKind,
  TillLineSchema,
  type TillSale,
  TillSaleSchema,
} from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import type { Json, Meaning } from './codec.ts';
import { parseIsoTime } from './codecs/iso-time.ts';

const textOr = (value: Json | undefined, otherwise: string): string =>
  typeof value === 'string' ? value : otherwise;

function lineOf(line: Json): TillLine[] {
  if (line === null || typeof line !== 'object' || Array.isArray(line)) return [];
  const { line: number, gtin, pos_item_id: scanned, item_id: itemId, quantity } = line;
  if (typeof number !== 'number' || typeof quantity !== 'string') return [];
  const isReturn = quantity.startsWith('-');
  return [
    create(TillLineSchema, {
      line: number,
      code: textOr(gtin, textOr(scanned, textOr(itemId, ''))),
      quantity: isReturn ? quantity.slice(1) : quantity,
      kind: isReturn ? TillLineKind.RETURN : TillLineKind.SALE,
      unitPrice: textOr(line['unit_price'], ''),
    }),
  ];
}

/**
 * Null for anything but a sale with lines. A receipt that does not name its workstation is told as the
 * till that sent it; without a business day it belongs to the day of its time.
 */
export function tillSaleOf(meaning: Meaning, deviceId: string): TillSale | null {
  const { workstation, business_day: day, sequence, time, lines } = meaning;
  if (meaning.kind !== 'sale' || !Array.isArray(lines) || lines.length === 0) return null;
  const utc = typeof time === 'string' ? parseIsoTime(time)?.utc : undefined;
  return create(TillSaleSchema, {
    workstation: textOr(workstation, deviceId),
    businessDay: textOr(day, textOr(time, '').slice(0, 10)),
    receipt: textOr(sequence, ''),
    ...(utc !== undefined && { soldAt: timestampFromMs(Date.parse(utc)) }),
    lines: lines.flatMap(lineOf),
  });
}

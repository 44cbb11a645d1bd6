/**
 * The file in which HQ's people keep a store's master data: YAML or JSON in the proto3 JSON form of
 * `ApplyMasterData` (master data and staff) or `ApplyOpeningStock`. Staff may be given with a PIN and a
 * badge code in clear; they are hashed here and never stored.
 *
 * The form is checked here; what the values mean (a par above its capacity, an unknown product) is
 * checked by the store, which refuses the whole and says why.
 */
import { type DescMessage, fromJson, type JsonValue, type MessageShape } from '@bufbuild/protobuf';
import { parse } from 'yaml';
import { withTimes } from '../relative-time.ts';

export type FileResult<T> = { ok: true; value: T } | { ok: false; fault: string };

/** Reads one message from text. @param nowMs what "now+15m" counts from; without it no text is taken for a time */
export function parseMessageFile<Desc extends DescMessage>(
  schema: Desc,
  text: string,
  nowMs?: number,
): FileResult<MessageShape<Desc>> {
  let json: JsonValue;
  try {
    // YAML of plain values is JSON.
    json = parse(text) as JsonValue;
    if (nowMs !== undefined) json = withTimes(json, nowMs);
  } catch (error) {
    return { ok: false, fault: messageOf(error) };
  }
  try {
    return { ok: true, value: fromJson(schema, json) };
  } catch (error) {
    return { ok: false, fault: messageOf(error) };
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Data types and messages of Sparkplug B (Eclipse Sparkplug 3.0, sections 6.4.1 and 6.4.16). */

export const dataTypes = {
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  Text: 14,
  UUID: 15,
  DataSet: 16,
  Bytes: 17,
  File: 18,
  Template: 19,
  PropertySet: 20,
  PropertySetList: 21,
  Int8Array: 22,
  Int16Array: 23,
  Int32Array: 24,
  Int64Array: 25,
  UInt8Array: 26,
  UInt16Array: 27,
  UInt32Array: 28,
  UInt64Array: 29,
  FloatArray: 30,
  DoubleArray: 31,
  BooleanArray: 32,
  StringArray: 33,
  DateTimeArray: 34,
} as const;
export type DataTypeName = keyof typeof dataTypes;

const nameByNumber: ReadonlyMap<number, DataTypeName> = new Map(
  // The keys of dataTypes are exactly DataTypeName.
  (Object.keys(dataTypes) as DataTypeName[]).map((name) => [dataTypes[name], name]),
);

export function dataTypeName(number: number): DataTypeName | undefined {
  return nameByNumber.get(number);
}

/** A value as it lies in the message, before the data type gives it its sense. */
export type RawValue =
  | { field: 'int'; value: number }
  | { field: 'long'; value: bigint }
  | { field: 'float' | 'double'; value: number }
  | { field: 'boolean'; value: boolean }
  | { field: 'string'; value: string }
  | { field: 'bytes'; value: Uint8Array }
  | { field: 'dataset'; value: DataSet }
  | { field: 'template'; value: Template }
  | { field: 'extension'; value: Uint8Array };

export interface DataSet {
  columns: string[];
  types: number[];
  rows: (RawValue | undefined)[][];
}

export interface Template {
  version?: string;
  reference?: string;
  isDefinition: boolean;
  metrics: Metric[];
}

export interface Metric {
  name?: string;
  alias?: bigint;
  /** Unix milliseconds. */
  timestamp?: bigint;
  /** Number of the data type; data messages may leave it to the birth. */
  datatype?: number;
  isHistorical: boolean;
  isTransient: boolean;
  isNull: boolean;
  /** Property "Quality": 192 good, 0 bad, 500 stale. */
  quality?: number;
  value?: RawValue;
}

export interface SparkplugPayload {
  timestamp?: bigint;
  /** 0 to 255; absent in deaths. */
  seq?: bigint;
  uuid?: string;
  body?: Uint8Array;
  metrics: Metric[];
}

/** What each type of exception claims to have happened; other types claim nothing that is planted. */
import type { CauseKind } from './cause.ts';

const recordKinds = ['record-too-high', 'record-too-low', 'wrong-bin', 'record-wrong'] as const;

const meanings: Readonly<Record<string, readonly CauseKind[]>> = {
  'delivery-late': ['truck-late'],
  'delivery-short': ['line-short', 'receipt-wrong'],
  'delivery-over': ['line-over', 'receipt-wrong'],
  'delivery-damaged': ['line-damaged'],
  'sensor-fault': ['sensor'],
  'misplaced-goods': ['misplaced'],
  'stock-discrepancy': recordKinds,
  'phantom-suspected': recordKinds,
  'demand-shift': ['promotion'],
};

export const exceptionMeaning = (type: string): readonly CauseKind[] | undefined => meanings[type];

/**
 * How the kiosk API says no: a Connect error whose message is for people who read logs, and whose
 * metadata carries what a screen needs: a stable reason, the field, what was expected, and for locks
 * how long to wait.
 */
import { Code, ConnectError } from '@connectrpc/connect';

export const reasonHeader = 'stockhand-reason';
export const fieldHeader = 'stockhand-field';
export const expectedHeader = 'stockhand-expected';
export const retryAfterHeader = 'stockhand-retry-after-ms';

/** Every reason with its Connect code. Codes are never reused for another meaning. */
export const callReasons = {
  'not-signed-in': Code.Unauthenticated,
  'session-ended': Code.Unauthenticated,
  'wrong-badge': Code.Unauthenticated,
  'wrong-pin': Code.Unauthenticated,
  'pin-locked': Code.ResourceExhausted,
  'too-many-at-once': Code.ResourceExhausted,
  'not-allowed': Code.PermissionDenied,
  'bad-field': Code.InvalidArgument,
  'missing-field': Code.InvalidArgument,
  'unknown-person': Code.PermissionDenied,
  'unknown-product': Code.NotFound,
  'unknown-task': Code.NotFound,
  'unknown-letter': Code.NotFound,
  'not-replayable': Code.FailedPrecondition,
  'not-recorded': Code.Unavailable,
  stopping: Code.Unavailable,
} as const;

export type CallReason = keyof typeof callReasons;

export function callError(
  reason: CallReason,
  more: { field?: string; expected?: string; retryAfterMs?: number; cause?: unknown } = {},
): ConnectError {
  const { field = '', expected = '', retryAfterMs, cause } = more;
  const at = field === '' ? reason : `${reason}: ${field}`;
  const headers: Record<string, string> = { [reasonHeader]: reason };
  if (field !== '') headers[fieldHeader] = field;
  // Header values are ASCII; expectations are ours, and in English.
  if (expected !== '') headers[expectedHeader] = expected.replace(/[^\x20-\x7e]/g, '?');
  if (retryAfterMs !== undefined) headers[retryAfterHeader] = String(retryAfterMs);
  const message = expected === '' ? at : `${at}, expected ${expected}`;
  return new ConnectError(message, callReasons[reason], headers, undefined, cause);
}

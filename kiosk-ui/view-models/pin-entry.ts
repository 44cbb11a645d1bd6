/**
 * A PIN as it is tapped or typed. Four to eight digits; the screen shows dots only.
 */
export const pinMinimumDigits = 4;
export const pinMaximumDigits = 8;

export type PinKey = 'delete' | 'clear' | `${number}`;

/** The PIN after one key; keys that are no digit and digits beyond the limit change nothing. */
export function enterPin(pin: string, key: PinKey): string {
  if (key === 'clear') return '';
  if (key === 'delete') return pin.slice(0, -1);
  return /^\d$/.test(key) && pin.length < pinMaximumDigits ? pin + key : pin;
}

export function isCompletePin(pin: string): boolean {
  return pin.length >= pinMinimumDigits;
}

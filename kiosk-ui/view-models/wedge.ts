/**
 * Tells a keyboard-wedge scanner from a person who types: a scanner "types" its code with hardly a
 * pause and ends it with Enter. Works with any field focused or none.
 *
 * A key that comes later than `longestGapMs` after the one before begins a new burst; Enter ends it,
 * and it is a scan when it has at least `shortestScan` characters.
 */
export const longestGapMs = 50;
export const shortestScan = 6;

export interface Wedge {
  text: string;
  lastKeyMs: number;
}

export const quietWedge: Wedge = { text: '', lastKeyMs: Number.NEGATIVE_INFINITY };

export interface WedgeStep {
  wedge: Wedge;
  /** A whole scan, when this key ended one. */
  scan: string | null;
}

/** @param key as in KeyboardEvent.key */
export function pressKey(wedge: Wedge, key: string, atMs: number): WedgeStep {
  const isBurst = atMs - wedge.lastKeyMs <= longestGapMs;
  if (key === 'Enter') {
    const scan = isBurst && wedge.text.length >= shortestScan ? wedge.text : null;
    return { wedge: quietWedge, scan };
  }
  if (key.length !== 1) {
    // Shift and the like come between the characters of a code.
    return { wedge: isBurst ? { ...wedge, lastKeyMs: atMs } : quietWedge, scan: null };
  }
  return { wedge: { text: isBurst ? wedge.text + key : key, lastKeyMs: atMs }, scan: null };
}

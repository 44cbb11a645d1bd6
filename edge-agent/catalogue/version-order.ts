/**
 * Order of master-data versions: they sort by their text up to the last "/", then by the number behind
 * it, so that "2026-11-23T06:00:00Z/10" is newer than "2026-11-23T06:00:00Z/3".
 */

/** Below zero when `one` is older than `other`, zero when they are the same. */
export function compareVersions(one: string, other: string): number {
  const [oneText, oneNumber] = partsOf(one);
  const [otherText, otherNumber] = partsOf(other);
  if (oneText !== otherText) return oneText < otherText ? -1 : 1;
  return oneNumber - otherNumber;
}

function partsOf(version: string): [text: string, number: number] {
  const match = /^(.*)\/([0-9]{1,9})$/s.exec(version);
  return match === null ? [version, 0] : [match[1] ?? '', Number(match[2])];
}

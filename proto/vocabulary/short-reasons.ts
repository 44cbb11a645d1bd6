/**
 * Why less was done than asked. The words are facts that the agent acts on: a full shelf is a count of the
 * slot, an empty backroom, shelf or dock is a count of that place. Any other text is kept as it is.
 */
export const shortReasons = [
  'shelf-full',
  'bin-full',
  'backroom-empty',
  'shelf-empty',
  'dock-empty',
  'goods-damaged',
] as const;

export type ShortReason = (typeof shortReasons)[number];

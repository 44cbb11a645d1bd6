/**
 * Why a refill placed less than asked. The words are facts that the agent acts on: a full shelf is a
 * count of the slot, an empty backroom is a count of the bin. Any other text is kept as it is.
 */
export const shortReasons = ['shelf-full', 'backroom-empty', 'goods-damaged'] as const;

export type ShortReason = (typeof shortReasons)[number];

/**
 * Money as people read it: minor units with the decimals of their currency.
 *
 * Example: 36000 EUR reads "€360.00", 36000 JPY "¥36,000". A currency that is not known keeps its code.
 */
export function moneyText(minorUnits: bigint, currency: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return `${minorUnits} ${currency}`.trim();
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  // Far below 2^53: approvals are about a store's day.
  return format.format(Number(minorUnits) / 10 ** decimals);
}

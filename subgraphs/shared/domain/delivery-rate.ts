/** The possible rates; there are few, so that subscribers can share a stream. */
const RATES = [50, 20, 10, 5, 2, 1] as const;

/** The most updates a second that can be asked for. */
export const MAX_RATE = RATES[0];

/** A rate rounded down to a possible one. @returns undefined if it is out of their range */
export function sharedRate(maxPerSecond: number): number | undefined {
  return maxPerSecond > MAX_RATE ? undefined : RATES.find((rate) => rate <= maxPerSecond);
}

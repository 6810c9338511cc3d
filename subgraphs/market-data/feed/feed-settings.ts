import type { Venue } from '../domain/catalog/catalog.ts';

/** Which market-data source runs, and how. */
export interface FeedSettings {
  /** `sim`, comma-separated venue names, or `replay:<folder>` for a folder of recordings. */
  readonly source: string;
  /** 1 is real time, 2 is twice as fast, `max` is as fast as lossless streams keep up. */
  readonly speed: number | 'max';
  /** Whether a recording restarts at its end. */
  readonly loop: boolean;
  /** `first-subscription` waits for a subscriber, so that nobody misses the beginning. */
  readonly start: 'immediately' | 'first-subscription';
  /** The simulation's seed: the same seed produces the same market. */
  readonly seed: number;
  /** Origins that replace the venues' public addresses, `http://…` or `https://…`. */
  readonly origins?: Readonly<Partial<Record<Venue, string>>> | undefined;
}

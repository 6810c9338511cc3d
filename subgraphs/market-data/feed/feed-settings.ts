import type { Venue } from '../domain/catalog.ts';

/** Which source of market data runs, and how. */
export interface FeedSettings {
  /** `sim`, venues' names with commas between, or `replay:<folder>` for a folder of recordings. */
  readonly source: string;
  /** 1 is real time, 2 twice as fast; `max` as fast as the consumers of whole streams keep up. */
  readonly speed: number | 'max';
  /** Whether a recording begins again at its end. */
  readonly loop: boolean;
  /** `first-subscription` waits until somebody listens, so that nobody misses the beginning. */
  readonly start: 'immediately' | 'first-subscription';
  /** The simulation's seed: the same one makes the same market. */
  readonly seed: number;
  /** Where venues are, `http://…` or `https://…`, in place of their own addresses. */
  readonly origins?: Readonly<Partial<Record<Venue, string>>> | undefined;
}

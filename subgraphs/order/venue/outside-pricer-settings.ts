import type { OutsideBounds } from '../domain/rfq/outside-price.ts';

/** The address of an outside pricer, how it is called, and the bounds for its prices. */
export interface OutsidePricerSettings extends OutsideBounds {
  /** The URL to which requests for prices are posted. */
  readonly url: string;
  /** The time limit for an answer, in milliseconds; a later one counts as none. */
  readonly deadlineMs: number;
}

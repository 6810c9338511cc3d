import type { OutsideBounds } from '../domain/rfq/outside-price.ts';

/** Where an outside pricer is, how it is asked, and what of it is believed. */
export interface OutsidePricerSettings extends OutsideBounds {
  /** Where asks are posted to. */
  readonly url: string;
  /** An answer that takes longer is none, in milliseconds. */
  readonly deadlineMs: number;
}

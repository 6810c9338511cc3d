import type { InstrumentStatus } from '#shared/domain/instrument.ts';
import type { Money } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';

/** An instrument as one venue lists it; null if the venue sets no such limit, or publishes none. */
export interface VenueListing {
  readonly venue: string;
  /** As the venue writes it. */
  readonly venueSymbol: string;
  /** `BASE-QUOTE` in our spelling of both. */
  readonly symbol: string;
  readonly status: InstrumentStatus;
  readonly tickSize: Price;
  readonly quantityStep: Quantity;
  readonly minQuantity: Quantity | null;
  readonly maxQuantity: Quantity | null;
  readonly minNotional: Money | null;
  readonly maxNotional: Money | null;
  /** In the venue's own terms; empty if its list does not say. */
  readonly orderTypes: readonly string[];
}

const STRICTNESS: Readonly<Record<InstrumentStatus, number>> = {
  TRADING: 0,
  CANCEL_ONLY: 1,
  HALTED: 2,
  CLOSED: 3,
};

/** Of two statuses the one that permits less. */
export function strictestOf(left: InstrumentStatus, right: InstrumentStatus): InstrumentStatus {
  return STRICTNESS[right] > STRICTNESS[left] ? right : left;
}

/** Whether two listings say the same. */
export function isSameListing(left: VenueListing | null, right: VenueListing): boolean {
  if (left === null) return false;
  const keys = Object.keys(right) as (keyof VenueListing)[];
  return keys.every((key) => String(left[key]) === String(right[key]));
}

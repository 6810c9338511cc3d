import type { Instrument, InstrumentStatus } from '#shared/domain/instrument.ts';
import { isSameListing, strictestOf, type VenueListing } from './catalog/venue-listing.ts';

/** Whether the instrument accepts orders, from now on. */
export interface StatusChange {
  readonly status: InstrumentStatus;
  /** 1 for the state with which the process started; +1 with every change. */
  readonly sequence: number;
}

/**
 * Whether one instrument accepts orders: no more freely than the desk says, than its venue lists it,
 * and than the venue's trading engine permits.
 */
export class MarketStatus {
  readonly #own: InstrumentStatus;
  readonly #onChange: (change: StatusChange) => void;
  /** Undefined before the venue's list was read. */
  #listing: VenueListing | null | undefined;
  #venueStatus: InstrumentStatus | null = null;
  #sequence = 1;

  constructor({ status }: Instrument, onChange: (change: StatusChange) => void) {
    this.#own = status;
    this.#onChange = onChange;
  }

  /** How the venue lists the instrument; null if it does not, or has not said so yet. */
  get listing(): VenueListing | null {
    return this.#listing ?? null;
  }

  /** What the venue's trading engine permits; null if the venue has not said so. */
  get venueStatus(): InstrumentStatus | null {
    return this.#venueStatus;
  }

  /** Whether the venue trades it, as far as the venue says. */
  get isTradedByVenue(): boolean {
    return this.#ofVenue() === 'TRADING';
  }

  /** The current status. */
  get now(): StatusChange {
    return { status: strictestOf(this.#own, this.#ofVenue()), sequence: this.#sequence };
  }

  /** The venue lists the instrument like this from now on; null if it no longer does. */
  list(listing: VenueListing | null): void {
    if (listing !== null && isSameListing(this.listing, listing)) return;
    this.#change(() => (this.#listing = listing));
  }

  /** The venue's trading engine permits this from now on. */
  restrict(status: InstrumentStatus): void {
    this.#change(() => (this.#venueStatus = status));
  }

  #ofVenue(): InstrumentStatus {
    const listed = this.#listing === null ? 'CLOSED' : (this.#listing?.status ?? 'TRADING');
    return strictestOf(listed, this.#venueStatus ?? 'TRADING');
  }

  #change(change: () => void): void {
    const before = this.now.status;
    change();
    if (this.now.status === before) return;
    this.#sequence += 1;
    this.#onChange(this.now);
  }
}

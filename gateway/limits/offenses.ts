import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import { keepNewest } from '#shared/domain/keep-newest.ts';
import { LeakyBuckets } from '#shared/domain/leaky-buckets.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';

/** How many invalid requests an address can send at once; nobody who works by hand comes near. */
const TOLERATED = 30;
/**
 * The weight of what is no slip: a body that is far too large, or a frame that no client sends by
 * mistake.
 */
export const GROSS = 5;
/** One of them is forgiven after this time. */
const FORGIVEN_AFTER_MS = 500;
/** Nobody is barred for longer after their last one, because others may share the address. */
const LONGEST_BAR_MS = 5000;
/** How long an address is remembered as one from which a valid credential came. */
const VOUCHED_MS = 3_600_000;
const MAX_ADDRESSES = 10_000;

/**
 * Counts invalid requests from an address without a credential: documents that are not valid, bodies
 * that are not JSON, sockets that are never initialized. An address that sends too many is barred until
 * some are forgiven: it is refused before a request is read, and, if nobody showed a valid credential
 * from there lately, before a connection begins. In memory and bounded: the address that was quiet for
 * longest is forgotten.
 */
export class Offenses {
  readonly #clock: Clock;
  readonly #toleratedMs: number;
  /** How long it takes until all offenses of an address are forgiven. */
  readonly #unforgiven = new LeakyBuckets<string>(MAX_ADDRESSES);
  /** Until when a valid credential vouches for an address. */
  readonly #vouchedUntilMs = new Map<string, number>();

  /** @param tolerated how many an address can send at once; see {@link TOLERATED} */
  constructor(clock: Clock, tolerated: number = TOLERATED) {
    this.#clock = clock;
    this.#toleratedMs = tolerated * FORGIVEN_AFTER_MS;
  }

  /** Counts one. @param weight {@link GROSS} for what is no slip */
  note(address: string, weight = 1): void {
    const now = steadyNow(this.#clock);
    const network = networkOf(address);
    const roomMs = this.#toleratedMs + LONGEST_BAR_MS - this.#unforgiven.levelMs(network, now);
    this.#unforgiven.pour(network, Math.min(weight * FORGIVEN_AFTER_MS, roomMs), now);
  }

  /** Somebody with a valid credential is at this address. */
  vouch(address: string): void {
    const untilMs = steadyNow(this.#clock) + VOUCHED_MS;
    keepNewest(this.#vouchedUntilMs, [networkOf(address), untilMs], MAX_ADDRESSES);
  }

  /** Whether the address is barred, and nobody with a valid credential was there lately. */
  isShunned(address: string): boolean {
    if (this.barredForMs(address) === 0) return false;
    return (this.#vouchedUntilMs.get(networkOf(address)) ?? 0) <= steadyNow(this.#clock);
  }

  /** How long the address is still barred, in milliseconds; 0 if it is not. */
  barredForMs(address: string): number {
    const levelMs = this.#unforgiven.levelMs(networkOf(address), steadyNow(this.#clock));
    return Math.max(0, levelMs - this.#toleratedMs);
  }
}

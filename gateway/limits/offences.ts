import type { Clock } from '#shared/domain/clock.ts';
import { keepNewest } from '#shared/domain/keep-newest.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';

/** What a client may do amiss at once; nobody who works with it by hand comes near. */
const BORNE = 30;
/** What counts as so many: a body that is far too large, or a frame that no client sends by mistake. */
export const GROSS = 5;
/** After so long one of them is forgiven. */
const FORGIVEN_AFTER_MS = 500;
/** Nobody is barred for longer after their last one, for others may be at the same address. */
const LONGEST_BAR_MS = 5000;
/** For so long it is remembered that a good credential came from an address. */
const VOUCHED_MS = 3_600_000;
const MAX_ADDRESSES = 10_000;

/**
 * Counts what comes amiss from an address without a credential: documents that are not valid, bodies
 * that are none, sockets that are never initialised. Whoever does too much of it is barred until some
 * is forgiven, and refused before anything of a request is read. In memory, with a bound: who was
 * longest quiet is forgotten. Where nobody with a good credential was lately, connections are not even
 * begun meanwhile.
 */
export class Offences {
  readonly #clock: Clock;
  readonly #borneMs: number;
  /** When all of an address will be forgiven. */
  readonly #forgivenAtMs = new Map<string, number>();
  /** Until when somebody with a good credential vouches for an address. */
  readonly #vouchedUntilMs = new Map<string, number>();

  /** @param borne how much is borne of an address at once; see {@link BORNE} */
  constructor(clock: Clock, borne: number = BORNE) {
    this.#clock = clock;
    this.#borneMs = borne * FORGIVEN_AFTER_MS;
  }

  /** Counts one. @param weight as how many it counts; {@link GROSS} for what is no slip */
  note(address: string, weight = 1): void {
    const now = this.#clock.now();
    const network = networkOf(address);
    const forgivenAtMs =
      Math.max(now, this.#forgivenAtMs.get(network) ?? now) + weight * FORGIVEN_AFTER_MS;
    const mostMs = now + this.#borneMs + LONGEST_BAR_MS;
    keepNewest(this.#forgivenAtMs, [network, Math.min(forgivenAtMs, mostMs)], MAX_ADDRESSES);
  }

  /** Somebody with a good credential is at this address. */
  vouch(address: string): void {
    const untilMs = this.#clock.now() + VOUCHED_MS;
    keepNewest(this.#vouchedUntilMs, [networkOf(address), untilMs], MAX_ADDRESSES);
  }

  /** Whether the address is barred, and nobody with a good credential was there lately. */
  isShunned(address: string): boolean {
    if (this.barredForMs(address) === 0) return false;
    return (this.#vouchedUntilMs.get(networkOf(address)) ?? 0) <= this.#clock.now();
  }

  /** How long the address is barred still, in milliseconds; 0 for one that is not. */
  barredForMs(address: string): number {
    const forgivenAtMs = this.#forgivenAtMs.get(networkOf(address));
    if (forgivenAtMs === undefined) return 0;
    return Math.max(0, forgivenAtMs - this.#clock.now() - this.#borneMs);
  }
}

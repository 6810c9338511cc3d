import type { Clock } from '#shared/domain/clock.ts';

/** What a client may do amiss at once; nobody who works with it by hand comes near. */
const BORNE = 30;
/** After so long one of them is forgiven. */
const FORGIVEN_AFTER_MS = 500;
const MAX_ADDRESSES = 10_000;

/**
 * Counts what comes amiss from an address without a credential: documents that are not valid, bodies
 * that are none, sockets that are never initialised. Whoever does too much of it is barred until some
 * is forgiven, and refused before anything of a request is read. In memory, with a bound: who was
 * longest quiet is forgotten.
 */
export class Offences {
  readonly #clock: Clock;
  readonly #borneMs: number;
  /** When all of an address will be forgiven. */
  readonly #forgivenAtMs = new Map<string, number>();

  /** @param borne how much is borne of an address at once; see {@link BORNE} */
  constructor(clock: Clock, borne: number = BORNE) {
    this.#clock = clock;
    this.#borneMs = borne * FORGIVEN_AFTER_MS;
  }

  /** Counts one. */
  note(address: string): void {
    const now = this.#clock.now();
    const forgivenAtMs = Math.max(now, this.#forgivenAtMs.get(address) ?? now) + FORGIVEN_AFTER_MS;
    this.#forgivenAtMs.delete(address); // so that the map stays in the order of noting
    this.#forgivenAtMs.set(
      address,
      Math.min(forgivenAtMs, now + this.#borneMs + FORGIVEN_AFTER_MS),
    );
    for (const oldest of this.#forgivenAtMs.keys()) {
      if (this.#forgivenAtMs.size <= MAX_ADDRESSES) break;
      this.#forgivenAtMs.delete(oldest);
    }
  }

  /** How long the address is barred still, in milliseconds; 0 for one that is not. */
  barredForMs(address: string): number {
    const forgivenAtMs = this.#forgivenAtMs.get(address);
    if (forgivenAtMs === undefined) return 0;
    return Math.max(0, forgivenAtMs - this.#clock.now() - this.#borneMs);
  }
}

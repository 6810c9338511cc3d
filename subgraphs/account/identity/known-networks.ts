import type { Clock } from '#shared/domain/clock.ts';
import { keepNewest } from '#shared/domain/keep-newest.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';

const KNOWN_FOR_MS = 30 * 24 * 60 * 60_000;
const MAX_NETWORKS = 10_000;

/**
 * From where people signed in, or kept a sign-in, in the last thirty days. In memory, with a bound: who
 * was longest away is forgotten. After a start it fills as sign-ins are refreshed.
 */
export class KnownNetworks {
  readonly #clock: Clock;
  readonly #seenAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Somebody showed here who they are. @param origin null where it is not known */
  note(origin: ClientOrigin | null): void {
    if (origin === null) return;
    keepNewest(this.#seenAtMs, [networkOf(origin.address), this.#clock.now()], MAX_NETWORKS);
  }

  /** @param network as {@link networkOf} tells it */
  has(network: string): boolean {
    const seenAtMs = this.#seenAtMs.get(network);
    return seenAtMs !== undefined && this.#clock.now() - seenAtMs < KNOWN_FOR_MS;
  }
}

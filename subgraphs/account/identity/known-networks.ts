import type { Clock } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import { keepNewest } from '#shared/domain/keep-newest.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';

const KNOWN_FOR_MS = 30 * 24 * 60 * 60_000;
const MAX_NETWORKS = 10_000;
const MAX_PEOPLE = 50_000;

/**
 * From where people signed in, or kept a sign-in, in the last thirty days. In memory, with a bound: who
 * was longest away is forgotten. After a start it fills as sign-ins are refreshed.
 */
export class KnownNetworks {
  readonly #clock: Clock;
  readonly #seenAtMs = new Map<string, number>();
  /** By person and network. */
  readonly #personSeenAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** This person showed here who they are. @param origin null if it is not known */
  note(userId: UserId, origin: ClientOrigin | null): void {
    if (origin === null) return;
    const network = networkOf(origin.address);
    const now = this.#clock.now();
    keepNewest(this.#seenAtMs, [network, now], MAX_NETWORKS);
    keepNewest(this.#personSeenAtMs, [keyOf(userId, network), now], MAX_PEOPLE);
  }

  /** Whether anybody was there. @param network as {@link networkOf} tells it */
  has(network: string): boolean {
    return this.#isRecent(this.#seenAtMs.get(network));
  }

  /** Whether this person was there. @param network as {@link networkOf} tells it */
  hasSeen(userId: UserId, network: string): boolean {
    return this.#isRecent(this.#personSeenAtMs.get(keyOf(userId, network)));
  }

  #isRecent(seenAtMs: number | undefined): boolean {
    return seenAtMs !== undefined && this.#clock.now() - seenAtMs < KNOWN_FOR_MS;
  }
}

function keyOf(userId: UserId, network: string): string {
  return `${userId} ${network}`;
}

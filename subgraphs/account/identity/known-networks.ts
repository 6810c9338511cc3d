import { type Clock, DAY_MS } from '#shared/domain/clock.ts';
import type { UserId } from '#shared/domain/ids.ts';
import { keepNewest } from '#shared/domain/keep-newest.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';

const KNOWN_FOR_MS = 30 * DAY_MS;
const MAX_NETWORKS = 10_000;
const MAX_PEOPLE = 50_000;

/**
 * The networks from which users signed in, or refreshed a session begun there, in the last thirty days. In
 * memory and bounded: the one that was not seen for longest is forgotten. After a start it fills as
 * sessions are refreshed.
 */
export class KnownNetworks {
  readonly #clock: Clock;
  readonly #seenAtMs = new Map<string, number>();
  /** By user and network. */
  readonly #userSeenAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes that a user proved their identity from an address. @param origin null if unknown */
  note(userId: UserId, origin: ClientOrigin | null): void {
    if (origin === null) return;
    const network = networkOf(origin.address);
    const now = this.#clock.now();
    keepNewest(this.#seenAtMs, [network, now], MAX_NETWORKS);
    keepNewest(this.#userSeenAtMs, [keyOf(userId, network), now], MAX_PEOPLE);
  }

  /** Whether any user is known on a network. @param network in the form of {@link networkOf} */
  has(network: string): boolean {
    return this.#isRecent(this.#seenAtMs.get(network));
  }

  /** Whether this user is known on a network. @param network in the form of {@link networkOf} */
  hasSeen(userId: UserId, network: string): boolean {
    return this.#isRecent(this.#userSeenAtMs.get(keyOf(userId, network)));
  }

  #isRecent(seenAtMs: number | undefined): boolean {
    return seenAtMs !== undefined && this.#clock.now() - seenAtMs < KNOWN_FOR_MS;
  }
}

function keyOf(userId: UserId, network: string): string {
  return `${userId} ${network}`;
}

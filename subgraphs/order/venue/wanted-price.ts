import type { InstrumentSymbol, UserId } from '#shared/domain/ids.ts';
import type { OutsidePrice } from '../domain/rfq/outside-price.ts';
import type { PriceAsk } from '../domain/rfq/price-quote.ts';
import type { QuoteAsk } from '../domain/rfq/quote-pricer.ts';

/** A user who is not named again in this time does not count any more, in milliseconds; no request lives as long. */
const NAMED_MS = 60_000;

/** What is asked for: always both sides, so that nobody learns what a client wants. */
export interface OutsideAsk extends Pick<PriceAsk, 'size' | 'tier'> {
  readonly symbol: InstrumentSymbol;
}

/** A price that somebody wants of the pricer of somebody else. */
export class WantedPrice {
  readonly ask: OutsideAsk;
  /** Milliseconds since the epoch. */
  wantedAt: number;
  price: OutsidePrice | null = null;
  /** Who waits for the first answer about it. */
  readonly waiting: (() => void)[] = [];
  /** When each user was named, milliseconds since the epoch. */
  readonly #users = new Map<UserId, number>();

  constructor(ask: OutsideAsk, nowMs: number) {
    this.ask = ask;
    this.wantedAt = nowMs;
  }

  /** It is wanted again. */
  want(users: QuoteAsk['wantedBy'], nowMs: number): void {
    this.wantedAt = nowMs;
    for (const userId of users ?? []) this.#users.set(userId, nowMs);
  }

  /** The users who want it; null stands for all who were never named. */
  users(nowMs: number): readonly (UserId | null)[] {
    for (const [userId, namedAt] of this.#users)
      if (nowMs - namedAt > NAMED_MS) this.#users.delete(userId);
    return this.#users.size === 0 ? [null] : [...this.#users.keys()];
  }
}

/**
 * As many prices as one call takes: each user's first one, then each one's second, and so on. Of one user those that are
 * waited for come first, the longest first, then those that were wanted last.
 * @param wanted all of them, those that were wanted last at the end
 */
export function takeFairly(
  wanted: readonly WantedPrice[],
  most: number,
  nowMs: number,
): readonly WantedPrice[] {
  const waitedFor = wanted.filter(({ waiting }) => waiting.length > 0);
  const others = wanted.filter(({ waiting }) => waiting.length === 0).reverse();
  const places = new Map<UserId | null, number>();
  const placeOf = (userId: UserId | null) => {
    const place = places.get(userId) ?? 0;
    places.set(userId, place + 1);
    return place;
  };
  return [...waitedFor, ...others]
    .map((wish) => ({ wish, place: Math.min(...wish.users(nowMs).map(placeOf)) }))
    .sort((left, right) => left.place - right.place)
    .slice(0, most)
    .map(({ wish }) => wish);
}

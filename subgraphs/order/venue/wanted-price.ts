import type { InstrumentSymbol, UserId } from '#shared/domain/ids.ts';
import type { OutsideMarket, OutsidePrice } from '../domain/rfq/outside-price.ts';
import type { PriceAsk } from '../domain/rfq/price-quote.ts';
import type { QuoteAsk } from '../domain/rfq/quote-pricer.ts';

/** A user who is not named again for this long no longer counts, in milliseconds; no request lives that long. */
const NAMED_MS = 60_000;

/** A requested price. Both sides are always requested, so that the pricer does not learn what the client wants. */
export interface OutsideAsk extends Pick<PriceAsk, 'size' | 'tier'> {
  readonly symbol: InstrumentSymbol;
  /** The market on which the price is compared with others; null if there is none to trade on. */
  readonly marketAt: (nowMs: number) => OutsideMarket | null;
}

/** A price of an outside pricer that users want. */
export class WantedPrice {
  readonly ask: OutsideAsk;
  /** When it was wanted last, as {@link steadyNow} has it. */
  wantedAt: number;
  price: OutsidePrice | null = null;
  /** Wakes the callers that wait for its first answer. */
  readonly waiting: (() => void)[] = [];
  /** When each user was named, as {@link steadyNow} has it. */
  readonly #users = new Map<UserId, number>();

  constructor(ask: OutsideAsk, steadyMs: number) {
    this.ask = ask;
    this.wantedAt = steadyMs;
  }

  /** Records that these users want the price now. */
  want(users: QuoteAsk['wantedBy'], steadyMs: number): void {
    this.wantedAt = steadyMs;
    for (const userId of users ?? []) this.#users.set(userId, steadyMs);
  }

  /** The users who want the price; one null if none was named lately. */
  users(steadyMs: number): readonly (UserId | null)[] {
    for (const [userId, namedAt] of this.#users)
      if (steadyMs - namedAt > NAMED_MS) this.#users.delete(userId);
    return this.#users.size === 0 ? [null] : [...this.#users.keys()];
  }
}

/**
 * Selects the prices for one call: each user's first one, then each user's second, and so on. For one user the prices
 * with a waiting caller go first, the longest-waiting one first, and then the most recently wanted ones.
 * @param wanted all wanted prices, the most recently wanted at the end
 */
export function takeFairly(
  wanted: readonly WantedPrice[],
  most: number,
  steadyMs: number,
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
    .map((wish) => ({ wish, place: Math.min(...wish.users(steadyMs).map(placeOf)) }))
    .sort((left, right) => left.place - right.place)
    .slice(0, most)
    .map(({ wish }) => wish);
}

import type { Instrument } from '#shared/domain/instrument.ts';
import type { InstrumentSymbol, UserId } from '#shared/domain/ids.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { FeeTier } from '../../domain/fee-tier.ts';
import { marketRefusal } from '../../domain/rfq/check-request.ts';
import {
  nextLevel,
  notQuotingRefusal,
  type PricedLevel,
  type PriceLevel,
} from '../../domain/rfq/price-level.ts';
import { LadderUsers } from './ladder-users.ts';
import type { LevelStream } from './level-stream.ts';
import type { QuotingDesk } from './rfq-turn.ts';

/** What two streams must have in common to share their levels. */
export interface LadderTerms {
  readonly symbol: InstrumentSymbol;
  readonly tier: FeeTier;
  readonly sizes: readonly Quantity[];
}

/** One moment. Durations are measured by the steady time: nothing is due later because the clock was set back. */
export interface LadderTime {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** See `steadyNow`. */
  readonly steadyMs: number;
}

/** What pricing needs. */
export interface LadderLook {
  readonly quoting: QuotingDesk;
  /** Undefined while the market is not known. */
  readonly instrument: Instrument | undefined;
  readonly newId: () => string;
  readonly at: LadderTime;
}

/** The levels of one instrument, fee tier and list of quantities, priced once for all who follow them. */
export class LevelLadder {
  readonly terms: LadderTerms;
  readonly #streams = new Map<LevelStream, UserId>();
  readonly #users: LadderUsers;
  #levels: readonly PriceLevel[] = [];
  #lookedAt = Number.NEGATIVE_INFINITY;
  #asOf = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #leftAt = Number.NEGATIVE_INFINITY;

  constructor(terms: LadderTerms, { quoteLifeMs }: Pick<QuotingDesk['settings'], 'quoteLifeMs'>) {
    this.terms = terms;
    this.#users = new LadderUsers(quoteLifeMs);
  }

  /** As last priced, in the order of the quantities. */
  get levels(): readonly PriceLevel[] {
    return this.#levels;
  }

  /** When the levels were last priced, or ended. */
  get asOf(): number {
    return this.#asOf;
  }

  /** Whether enough time has passed to price them again. */
  isDue({ requoteMs }: QuotingDesk['settings'], steadyMs: number): boolean {
    return steadyMs - this.#lookedAt >= requoteMs;
  }

  /** Whether nobody follows the ladder and nothing it has shown is still firm. */
  isForgotten({ quoteLifeMs }: QuotingDesk['settings'], steadyMs: number): boolean {
    return this.#streams.size === 0 && steadyMs - this.#leftAt >= quoteLifeMs;
  }

  /** Whether it is priced for a user: a stream of the user follows it, or left it a moment ago. */
  isUsedBy(userId: UserId, steadyMs: number): boolean {
    return this.#users.has(userId, steadyMs);
  }

  /** A user is about to follow it, so its first prices already count for the user. */
  expect(userId: UserId, steadyMs: number): void {
    this.#users.expect(userId, steadyMs);
  }

  /** A stream of a user begins to follow it. */
  join(stream: LevelStream, userId: UserId): void {
    this.#streams.set(stream, userId);
    this.#users.join(userId);
  }

  /** A stream no longer follows it. */
  leave(stream: LevelStream, steadyMs: number): void {
    const userId = this.#streams.get(stream);
    if (userId !== undefined) this.#users.leave(userId, steadyMs);
    this.#streams.delete(stream);
    this.#leftAt = steadyMs;
  }

  /** Prices every quantity again, and sends its followers what changed, or regularly that nothing did. */
  look(look: LadderLook): void {
    const { quoteLifeMs, refreshMs: mostMs, requoteMs } = look.quoting.settings;
    // At the next look it could be late.
    const settings = { quoteLifeMs, refreshMs: mostMs - requoteMs };
    const { symbol, tier, sizes } = this.terms;
    const { newId, at } = look;
    const { nowMs, steadyMs } = at;
    this.#users.forget(steadyMs);
    this.#lookedAt = steadyMs;
    this.#asOf = nowMs;
    const before = this.#levels;
    this.#levels = sizes.map((size, index) => {
      const terms = { symbol, tier: tier.name, size, nowMs, newId, settings };
      return nextLevel(before[index], this.#priceOf(size, look), terms);
    });
    const isChanged = this.#levels.some((level, index) => level !== before[index]);
    if (isChanged || steadyMs - this.#toldAt >= settings.refreshMs) this.#tell(steadyMs);
  }

  /** Ends every level: the desk does not quote until the levels are priced again. */
  end({ nowMs, steadyMs }: LadderTime): void {
    const refusal = notQuotingRefusal();
    this.#asOf = nowMs;
    this.#levels = this.terms.sizes.map((size) => ({ kind: 'none', size, refusal }));
    this.#tell(steadyMs);
  }

  #tell(steadyMs: number): void {
    this.#toldAt = steadyMs;
    for (const stream of this.#streams.keys()) stream.change();
  }

  #priceOf(quantity: Quantity, { quoting, instrument, at }: LadderLook): PricedLevel {
    const { nowMs } = at;
    if (instrument === undefined) return { refusal: notQuotingRefusal() };
    const { symbol, tier } = this.terms;
    const size = { quantity, quoteQuantity: null };
    const midPrice = quoting.pricer.midPrice(instrument, nowMs);
    // What concerns a single account is checked for each stream.
    const refusal = marketRefusal({ symbol, side: null, size }, { instrument, midPrice });
    if (refusal !== null) return { refusal };
    const ask = { side: null, size, tier, wantedBy: this.#users.ids() };
    const priced = quoting.pricer.price(ask, instrument, nowMs);
    return priced ?? { refusal: notQuotingRefusal() };
  }
}

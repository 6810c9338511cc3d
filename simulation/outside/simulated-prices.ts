import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import type { OutsidePrice } from '../../subgraphs/order/domain/rfq/outside-price.ts';
import type { PriceSource } from '../../subgraphs/order/venue/outside-pricer.ts';
import type { OutsideAsk } from '../../subgraphs/order/venue/wanted-price.ts';
import { INSTRUMENTS } from '../clients/drawn-orders.ts';
import type { Misfortune } from '../misfortune.ts';
import type { ProcessLife } from '../process-life.ts';
import { OUTSIDE_PRICER } from '../quoting-settings.ts';
import type { VirtualTime } from '../virtual-time.ts';

const SLOWEST_ANSWER_MS = 150;
const REFRESH_MS = 400;
/** The share of calls that fail: until one succeeds there are no prices. */
const FAILED_SHARE = 0.08;
/** The share of prices that the pricer leaves out. */
const MISSING_SHARE = 0.05;
/** The share of prices that must not be used: off the tick, far from the market, or crossed. */
const WRONG_SHARE = 0.05;
const [{ tickSize }] = INSTRUMENTS;
/** How far a price is from the middle of the market, in ticks. */
const AWAY = { least: 1, most: 4 } as const;

interface Wish {
  readonly ask: OutsideAsk;
  price: OutsidePrice | null;
  readonly waiting: (() => void)[];
}

/** The prices of an outside pricer as one process has them: late, missing, wrong, or none for a while. */
export class SimulatedPrices implements PriceSource {
  readonly #time: VirtualTime;
  readonly #life: ProcessLife;
  readonly #misfortune: Misfortune;
  readonly #wishes = new Map<string, Wish>();
  #isCalling = false;

  constructor(options: {
    readonly time: VirtualTime;
    readonly life: ProcessLife;
    readonly misfortune: Misfortune;
  }) {
    this.#time = options.time;
    this.#life = options.life;
    this.#misfortune = options.misfortune;
  }

  price(ask: OutsideAsk): OutsidePrice | null {
    return this.#want(ask).price;
  }

  prepare(ask: OutsideAsk): Promise<void> {
    const wish = this.#want(ask);
    // A desk at rest quotes nothing new.
    if (wish.price !== null || this.#misfortune.isCalm) return Promise.resolve();
    return this.#life.hear(new Promise((resolve) => wish.waiting.push(resolve)));
  }

  #want(ask: OutsideAsk): Wish {
    const key = [ask.symbol, ask.tier.name, ask.size.quantity, ask.size.quoteQuantity].join('/');
    const wish = this.#wishes.get(key) ?? { ask, price: null, waiting: [] };
    this.#wishes.set(key, wish);
    if (!this.#isCalling && !this.#misfortune.isCalm) void this.#call();
    return wish;
  }

  /** Asks again and again until it is calm: a desk at rest waits for nothing. */
  async #call(): Promise<void> {
    this.#isCalling = true;
    const { random } = this.#misfortune;
    const askedAt = this.#time.now();
    const asked = [...this.#wishes.values()].map((wish) => ({
      wish,
      askedOn: wish.ask.marketAt(askedAt),
    }));
    await this.#life.wait(random.between(1, SLOWEST_ANSWER_MS));
    const isFailed = this.#misfortune.strikes(FAILED_SHARE);
    if (isFailed) for (const wish of this.#wishes.values()) wish.price = null;
    for (const { wish, askedOn } of asked) {
      const isMissing = isFailed || askedOn === null || random.chance(MISSING_SHARE);
      wish.price = isMissing ? null : this.#drawn(askedOn.midPrice, { askedAt, askedOn });
      for (const wake of wish.waiting.splice(0)) wake();
    }
    await this.#life.wait(REFRESH_MS, true);
    this.#isCalling = false;
    for (const wish of this.#wishes.values()) for (const wake of wish.waiting.splice(0)) wake();
    if (!this.#misfortune.isCalm) void this.#call();
  }

  #drawn(mid: Price, when: Pick<OutsidePrice, 'askedAt' | 'askedOn'>): OutsidePrice {
    const { random } = this.#misfortune;
    const away = BigInt(random.between(AWAY.least, AWAY.most)) * tickSize;
    const middle = (mid / tickSize) * tickSize;
    const prices = [middle - away, middle + away] as const;
    const [bid, ask] = random.chance(WRONG_SHARE) ? this.#wrong(prices) : prices;
    const named = { bidPrice: priceOfUnits(bid), askPrice: priceOfUnits(ask), reference: null };
    return { ...named, ...when };
  }

  #wrong([bid, ask]: readonly [bigint, bigint]): readonly [bigint, bigint] {
    switch (this.#misfortune.random.pick(['offTick', 'far', 'crossed'])) {
      case 'offTick':
        return [bid - 1n, ask];
      case 'far':
        return [bid, ask + (ask * BigInt(OUTSIDE_PRICER.collarBps + 5)) / 10_000n];
      case 'crossed':
        return [ask, bid];
    }
  }
}

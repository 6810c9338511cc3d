import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  AccountId,
  ClientOrderId,
  ClientRfqId,
  OrderId,
  RfqId,
  UserId,
} from '#shared/domain/ids.ts';
import type { LevelText } from '#shared/events/topics.ts';
import type { OrderSide } from '../../domain/order.ts';
import type { OutsidePrice } from '../../domain/rfq/outside-price.ts';
import { isFirm, quoteSideFor } from '../../domain/rfq/rfq-quote.ts';
import { RFQ_SETTINGS } from '../../domain/rfq/rfq-settings.ts';
import { money, NOW_MS, price, quantity, STILL } from '../../domain/test-orders.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { MarketPricer } from '../../venue/market-pricer.ts';
import { OutsidePricer } from '../../venue/outside-pricer.ts';
import { HouseInventory } from '../house-inventory.ts';
import { INSTRUMENT, MemoryJournalStore, startDesk, SYMBOL } from '../test-journal.ts';
import { answerHolds } from '../test-placement.ts';
import { quoteRfqs } from './quote-rfqs.ts';
import { RfqEngine } from './rfq-engine.ts';

// A member with two accounts waits for moves of a market with two venues, and takes whatever quotes are firm.

const USER = 'anna' as UserId;
const LEAN = { bps: 5, inventoryLimit: money('100000') };
const SETTINGS = {
  ...RFQ_SETTINGS,
  pricing: { spreadBps: 1, sizeBpsPerMillion: 1, volatilityPercent: 0 },
};
const nat = fc.nat({ max: 1000 });
/** The middle and half the spread of a book, in ticks. */
interface Book {
  readonly middle: number;
  readonly half: number;
}
interface Books {
  readonly home: Book;
  readonly other: Book | null;
}
const bookOf = (mostAway: number, mostHalf: number): fc.Arbitrary<Book> =>
  fc.record({
    middle: fc.integer({ min: -mostAway, max: mostAway }),
    half: fc.integer({ min: 0, max: mostHalf }),
  });
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ ask: fc.constantFrom('a', 'b') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      take: nat,
      quote: nat,
      side: fc.constantFrom<OrderSide>('BUY', 'SELL'),
    }),
  },
  fc.record({ home: bookOf(300, 800) }),
  { weight: 2, arbitrary: fc.record({ other: fc.option(bookOf(700, 100)) }) },
  fc.record({ wait: fc.constantFrom(1, 250, 500) }),
  fc.record({ lead: fc.integer({ min: -400, max: 400 }) }),
);
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

/** A desk in memory, with a market around 10,000, where a tick is a hundredth of a basis point. */
class World {
  readonly store = new MemoryJournalStore();
  now = NOW_MS;
  readonly #inventory = new HouseInventory();
  readonly #market = new MarketPricer({ ...SETTINGS.pricing, skew: LEAN }, this.#inventory, STILL);
  readonly #desk;
  readonly #engine;
  /** What the outside pricer answered last. */
  #answer: OutsidePrice | null = null;
  readonly #outsideTicks: number | null;
  /** How far the middle of the outside pricer's prices is above the market's. */
  #leadTicks = 0;
  #books: Books = { home: { middle: 0, half: 100 }, other: null };
  #asked = 0;
  /** The prices of what was traded at the present market. */
  traded: Record<OrderSide, bigint[]> = { BUY: [], SELL: [] };

  /** @param outsideTicks how far from the middle an outside pricer quotes each side; null for the desk's own prices */
  constructor(outsideTicks: number | null) {
    this.#outsideTicks = outsideTicks;
    const prices = { price: () => this.#answer, prepare: () => Promise.resolve() };
    const bounds = { collarBps: 100, maxAgeMs: 60_000 };
    const logger = createLogger({ unit: 'test', level: 'silent' });
    const outside = new OutsidePricer({ market: this.#market, prices, bounds, logger });
    const quoting = { pricer: outsideTicks === null ? this.#market : outside, settings: SETTINGS };
    this.#desk = startDesk(this.store, { now: () => this.now, quoting });
    this.#desk.journal.listen(this.#inventory);
    this.#engine = new RfqEngine(this.#desk.journal);
    this.#hear();
    this.#askOutside();
  }

  async run(next: Command): Promise<void> {
    if ('ask' in next) await this.#ask(next.ask);
    else if ('take' in next) await this.#take(next);
    else if ('wait' in next) this.#wait(next.wait);
    else if ('lead' in next) this.#lead(next.lead);
    else this.#move(next);
    this.#hear();
    await this.#desk.journal.run(quoteRfqs);
  }

  #move(books: Partial<Books>): void {
    this.#books = { ...this.#books, ...books };
    this.traded = { BUY: [], SELL: [] };
  }

  #lead(ticks: number): void {
    this.#leadTicks = ticks;
    this.#askOutside();
  }

  #wait(ms: number): void {
    this.now += ms;
    this.#hear();
    this.#askOutside();
  }

  #hear(): void {
    const { home, other } = this.#books;
    const level = (ticks: number): LevelText => [(10_000 + ticks / 100).toFixed(2), '1000'];
    const sides = ({ middle, half }: Book) => ({
      bids: [level(middle - half)],
      asks: [level(middle + half)],
    });
    const about = { symbol: SYMBOL, sequence: `${this.now}`, receivedAtMs: this.now } as const;
    this.#market.hear({ ...about, ...sides(home), suspended: false, status: 'TRADING' });
    const all = [home, ...(other === null ? [] : [other])];
    const from = (side: 'bids' | 'asks', best: 1 | -1) =>
      all
        .flatMap((one) => sides(one)[side])
        .toSorted(([left], [right]) => best * (Number(left) - Number(right)));
    const levels = { bids: from('bids', -1), asks: from('asks', 1) };
    this.#market.hearConsolidated({ symbol: SYMBOL, books: [], asOfMs: this.now, ...levels });
  }

  #askOutside(): void {
    const market = this.#market.market(INSTRUMENT, this.now);
    if (market === null) throw new Error('There is no market.');
    const away = BigInt(this.#outsideTicks ?? 0) * INSTRUMENT.tickSize;
    const middle = market.midPrice + BigInt(this.#leadTicks) * INSTRUMENT.tickSize;
    const [bidPrice, askPrice] = [middle - away, middle + away].map(priceOfUnits);
    if (bidPrice === undefined || askPrice === undefined) throw new Error('There are two.');
    const about = { reference: null, askedAt: this.now, askedOn: market };
    this.#answer = { bidPrice, askPrice, ...about };
  }

  async #ask(account: string): Promise<void> {
    const number = (this.#asked += 1);
    const names = { id: `rfq-${number}` as RfqId, clientRfqId: `c-${number}` as ClientRfqId };
    const size = { quantity: quantity('2'), quoteQuantity: null };
    const asked = { ...names, accountId: account as AccountId, symbol: SYMBOL, side: null, size };
    await this.#engine.request(asked, INSTRUMENT, USER);
  }

  async #take({ take, quote: which, side }: Extract<Command, { take: number }>): Promise<void> {
    const { rfqs, quotes } = this.store.rfq;
    const live = [...rfqs.values()].filter(({ state }) => state.status === 'QUOTED');
    const rfq = live[take % live.length];
    const firm = [...quotes.values()].filter(
      (one) => one.rfqId === rfq?.id && isFirm(one, this.now),
    );
    const quote = firm[which % firm.length];
    const offered = quote && quoteSideFor(side, quote);
    if (rfq === undefined || quote === undefined || offered == null) return;
    const orderId = `o-${rfq.id}` as OrderId;
    const clientOrderId = orderId as string as ClientOrderId;
    const terms = { quoteId: quote.id, symbol: SYMBOL, side, ...offered, clientOrderId };
    const sender = { accountId: rfq.accountId, userId: USER };
    const about = { rfqId: rfq.id, orderId, arrivedAt: this.now, comparisonToken: null };
    const accept = { ...sender, ...about, terms: { ...terms, maxSlippageBps: 0 } };
    await this.#engine.accept(accept, INSTRUMENT);
    await answerHolds(this.#desk, this.store);
    const state = rfqs.get(rfq.id)?.state;
    if (state?.status === 'FILLED') this.traded[side].push(state.fillPrice);
  }
}

describe('a member', () => {
  it.each([
    ['the desk’s own quotes', fc.constant(null)],
    ['the quotes of an outside pricer', fc.integer({ min: 1, max: 400 })],
  ])(
    'has no profit of buying and selling at one market, whichever are firm of %s',
    async (_whose, outsideTicks) => {
      const commands = fc.array(command, { minLength: 5, maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(outsideTicks, commands, async (ticks, all) => {
          const world = new World(ticks);
          for (const next of all) {
            await world.run(next);
            const { BUY, SELL } = world.traded;
            for (const bought of BUY)
              for (const sold of SELL) expect(sold).toBeLessThanOrEqual(bought);
          }
        }),
        { numRuns: 150 },
      );
    },
  );

  it('has none of an outside pricer that moves inside the market’s spread either', async () => {
    const world = new World(10);
    const commands: Command[] = [
      { home: { middle: 0, half: 400 } },
      { wait: 1 },
      { ask: 'a' },
      { lead: 80 },
      { ask: 'b' },
      { take: 0, quote: 0, side: 'BUY' },
      { take: 0, quote: 0, side: 'SELL' },
    ];
    for (const next of commands) await world.run(next);
    expect(world.traded).toEqual({ BUY: [price('10000.10')], SELL: [price('10000')] });
  });
});

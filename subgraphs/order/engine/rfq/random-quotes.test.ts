import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccountId,
  type ClientOrderId,
  type ClientRfqId,
  type OrderId,
  parseQuoteId,
  type RfqId,
  trusted,
} from '#shared/domain/ids.ts';
import { ONE } from '#shared/domain/decimal.ts';
import { midPrice, priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { MarketDepth } from '#shared/events/topics.ts';
import type { OrderSide } from '../../domain/order.ts';
import { acceptOf } from '../../domain/rfq/rfq.ts';
import { quoteSideFor } from '../../domain/rfq/rfq-quote.ts';
import { RFQ_SETTINGS } from '../../domain/rfq/rfq-settings.ts';
import { money, NOW_MS, price, quantity, STILL } from '../../domain/test-orders.ts';
import { MarketPricer } from '../../venue/market-pricer.ts';
import {
  expectConsistent,
  INSTRUMENT,
  MemoryJournalStore,
  startDesk,
  SYMBOL,
} from '../test-journal.ts';
import { answerHolds } from '../test-placement.ts';
import { quoteRfqs } from './quote-rfqs.ts';
import { RfqEngine } from './rfq-engine.ts';
import { expectSound } from './test-sound-rfqs.ts';

// Random clients of a quoting desk request quotes, accept firm, old, altered and other clients' ones, cancel and wait,
// while the market moves and the process restarts. The store is in memory; everything else is real.

const SETTINGS = {
  ...RFQ_SETTINGS,
  credit: {
    client: { gross: money('600'), net: money('400') },
    desk: { gross: money('1000'), net: money('700') },
  },
};
const which = fc.nat({ max: 1000 });
const command = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ ask: fc.constantFrom('a', 'b'), lots: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      accept: which,
      quote: which,
      altered: fc.constantFrom('no', 'no', 'no', 'price', 'quantity', 'side', 'quote'),
      slip: fc.constantFrom(0, 20),
      isAnswered: fc.boolean(),
    }),
  },
  fc.record({ cancel: which }),
  { weight: 2, arbitrary: fc.record({ market: fc.integer({ min: 9980, max: 10_020 }) }) },
  fc.record({ wait: fc.constantFrom(1, 100, 2500, 40_000) }),
  fc.record({ restart: fc.constant(true) }),
);
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

/** A desk in memory that can be restarted on its store. */
class World {
  readonly store = new MemoryJournalStore();
  now = NOW_MS;
  #asked = 0;
  readonly pricer = new MarketPricer({ ...SETTINGS.pricing, skew: null }, { of: () => 0n }, STILL);
  #desk = this.#start();
  #engine = new RfqEngine(this.#desk.journal);

  async run(next: Command): Promise<void> {
    if ('ask' in next) await this.#ask(next.ask, next.lots);
    else if ('accept' in next) await this.#accept(next);
    else if ('cancel' in next) await this.#cancel(next.cancel);
    else if ('market' in next) await this.move(next.market);
    else if ('wait' in next) await this.#wait(next.wait);
    else await this.#restart();
  }

  async move(cents: number): Promise<void> {
    const at = (offset: number): [string, string] => [((cents + offset) / 100).toFixed(2), '100'];
    const depth: MarketDepth = {
      ...{ symbol: SYMBOL, sequence: `${this.now}`, suspended: false, status: 'TRADING' },
      ...{ bids: [at(-1)], asks: [at(1)], receivedAtMs: this.now },
    };
    this.pricer.hear(depth);
    await this.#look();
  }

  /** Answers every hold. */
  async rest(): Promise<void> {
    await this.move(10_000);
    await answerHolds(this.#desk, this.store);
    await this.#look();
  }

  #start() {
    const quoting = { pricer: this.pricer, settings: SETTINGS };
    return startDesk(this.store, { now: () => this.now, quoting });
  }

  async #restart(): Promise<void> {
    this.#desk = this.#start();
    this.#engine = new RfqEngine(this.#desk.journal);
    await this.#look();
  }

  async #look(): Promise<void> {
    await this.#desk.journal.run(quoteRfqs);
  }

  async #wait(ms: number): Promise<void> {
    this.now += ms;
    await this.#look();
  }

  async #ask(account: string, lots: number): Promise<void> {
    const number = (this.#asked += 1);
    const id = `rfq-${number}` as RfqId;
    const names = {
      id,
      clientRfqId: `c-${number}` as ClientRfqId,
      accountId: account as AccountId,
    };
    const size = { quantity: quantity(`${lots}`), quoteQuantity: null };
    await this.#engine.request({ ...names, symbol: SYMBOL, side: null, size }, INSTRUMENT);
  }

  async #cancel(number: number): Promise<void> {
    const rfq = pick([...this.store.rfq.rfqs.values()], number);
    if (rfq !== undefined) await this.#engine.cancel(rfq.id);
  }

  async #accept(next: Extract<Command, { accept: number }>): Promise<void> {
    const rfq = pick([...this.store.rfq.rfqs.values()], next.accept);
    if (rfq === undefined) return;
    const all = [...this.store.rfq.quotes.values()];
    const quote = pick(
      all.filter(({ rfqId }) => next.altered === 'quote' || rfqId === rfq.id),
      next.quote,
    );
    if (quote === undefined) return;
    const side: OrderSide = next.quote % 2 === 0 ? 'BUY' : 'SELL';
    const offered = quoteSideFor(
      next.altered === 'side' ? (side === 'BUY' ? 'SELL' : 'BUY') : side,
      quote,
    );
    if (offered === null) return;
    const number = (this.#asked += 1);
    const terms = {
      ...{ quoteId: quote.id, symbol: SYMBOL, side, maxSlippageBps: next.slip },
      clientOrderId: `o-${number}` as ClientOrderId,
      price:
        next.altered === 'price'
          ? priceOfUnits(offered.price + INSTRUMENT.tickSize)
          : offered.price,
      quantity:
        next.altered === 'quantity' ? quantityOfUnits(offered.quantity + ONE) : offered.quantity,
    } as const;
    const command = {
      ...{ accountId: rfq.accountId, userId: null, rfqId: rfq.id },
      terms,
      orderId: `order-${number}` as OrderId,
      arrivedAt: this.now,
      comparisonToken: null,
    };
    const made = await this.#engine.accept(command, INSTRUMENT);
    if (made.kind === 'pending') {
      expect(next.altered === 'no' || offered.price === quoteSideFor(side, quote)?.price).toBe(
        true,
      );
      expect(quote.rfqId).toBe(rfq.id);
      expect(this.now).toBeLessThan(quote.validUntil);
      expect(quote.withdrawnAt).toBeNull();
    }
    if (next.isAnswered) await answerHolds(this.#desk, this.store);
  }
}

function pick<Item>(items: readonly Item[], number: number): Item | undefined {
  return items[number % Math.max(1, items.length)];
}

/** Checks that accepted, unsettled trades stay within the credit limits. */
function expectWithinCredit({ rfq: { rfqs, settlements } }: MemoryJournalStore) {
  for (const account of ['a', 'b', null]) {
    const limit = account === null ? SETTINGS.credit.desk : SETTINGS.credit.client;
    let [gross, net] = [0n, 0n];
    for (const rfq of rfqs.values()) {
      const isSettling = [...settlements.values()].some(({ rfqId }) => rfqId === rfq.id);
      const accept = acceptOf(rfq);
      if (accept === null || (account !== null && rfq.accountId !== account)) continue;
      if (rfq.state.status !== 'ACCEPT_PENDING' && !isSettling) continue;
      const worth = (accept.price * accept.quantity) / ONE;
      gross += worth;
      net += accept.side === 'BUY' ? worth : -worth;
    }
    // A price that improved or slipped can change the unsettled amount accordingly.
    const slack = gross / 100n;
    expect(gross).toBeLessThanOrEqual(limit.gross + slack);
    expect(net < 0n ? -net : net).toBeLessThanOrEqual(limit.net + slack);
  }
}

describe('random requests for quote', () => {
  it('trade at most once each, only on firm quotes, on the quoted terms and within the credit limits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
        const world = new World();
        await world.move(10_000);
        for (const next of commands) {
          await world.run(next);
          expectSound(world.store);
          expectWithinCredit(world.store);
        }
        await world.rest();
        expectSound(world.store);
        expectConsistent(world.store);
        const states = [...world.store.rfq.rfqs.values()].map(({ state }) => state.status);
        expect(states).not.toContain('ACCEPT_PENDING');
      }),
      { numRuns: 150 },
    );
  });

  it('expire at exactly validUntil', async () => {
    const store = new MemoryJournalStore();
    let now = NOW_MS;
    const pricer = new MarketPricer({ ...SETTINGS.pricing, skew: null }, { of: () => 0n }, STILL);
    const desk = startDesk(store, { now: () => now, quoting: { pricer, settings: SETTINGS } });
    const engine = new RfqEngine(desk.journal);
    const levels = { bids: [['99.99', '9']], asks: [['100.01', '9']] } as const;
    pricer.hear({
      ...{ symbol: SYMBOL, sequence: '1', suspended: false, status: 'TRADING' },
      ...{ ...levels, receivedAtMs: now },
    });
    const instrument = { ...INSTRUMENT, maxQuoteAgeMs: 60_000 };
    const ids = { id: 'r' as RfqId, clientRfqId: 'c' as ClientRfqId, accountId: 'a' as AccountId };
    const size = { quantity: quantity('1'), quoteQuantity: null };
    const made = await engine.request({ ...ids, symbol: SYMBOL, side: 'BUY', size }, instrument);
    const quote = made.kind === 'requested' ? made.quote : null;
    const ask = quote?.ask ?? { price: price('1'), quantity: quantity('1') };
    expect(quote?.basis?.midPrice).toBe(midPrice(price('99.99'), price('100.01')));
    const terms = {
      ...{ symbol: SYMBOL, side: 'BUY' as OrderSide, maxSlippageBps: 0 },
      ...{
        ...ask,
        clientOrderId: 'o' as ClientOrderId,
        quoteId: quote?.id ?? trusted(parseQuoteId, 'none'),
      },
    } as const;
    const at = (arrivedAt: number) => {
      now = arrivedAt;
      const order = { orderId: 'o' as OrderId, comparisonToken: null };
      const sender = { accountId: ids.accountId, userId: null };
      const command = { ...sender, rfqId: ids.id, terms, arrivedAt, ...order };
      return engine.accept(command, instrument);
    };
    const validUntil = quote?.validUntil ?? 0;
    expect(await at(validUntil)).toMatchObject({ refusal: { reason: 'QUOTE_EXPIRED' } });
    expect(await at(validUntil - 1)).toMatchObject({ kind: 'pending' });
  });
});

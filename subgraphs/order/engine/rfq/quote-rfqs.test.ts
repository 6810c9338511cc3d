import { describe, expect, it } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import type { AccountId, ClientRfqId, RfqId } from '#shared/domain/ids.ts';
import { NO_PRICER } from '../../domain/rfq/quote-pricer.ts';
import type { PricedQuote } from '../../domain/rfq/rfq-quote.ts';
import { RFQ_SETTINGS } from '../../domain/rfq/rfq-settings.ts';
import { NOTHING_TAKEN } from '../../domain/rfq/taken-depth.ts';
import { NOW_MS, price, quantity } from '../../domain/test-orders.ts';
import { INSTRUMENT, MemoryJournalStore, startDesk, SYMBOL } from '../test-journal.ts';
import { quoteRfqs } from './quote-rfqs.ts';
import { RfqEngine } from './rfq-engine.ts';
import { RfqWatch } from './rfq-watch.ts';
import { AcceptWorld } from './test-accepts.ts';

const RFQ = 'rfq' as RfqId;
const LOOK_MS = 25;
const quoteAt = (text: string): PricedQuote => ({
  bid: null,
  ask: { price: price(text), quantity: quantity('1') },
  basis: null,
});

const BASIS = {
  ...{ bookSequence: '1', books: [], midPrice: price('100'), tier: 'BASE', taken: NOTHING_TAKEN },
  ...{ walkedAskPrice: null, walkedBidPrice: null, spreadBps: 0n, skewBps: 0n, volatilityBps: 0n },
};

/** A desk with one request, at which the watch looks as often as it really does. */
async function watchedDesk(first: PricedQuote | null) {
  const made = { priced: first, pricings: 0 };
  const store = new MemoryJournalStore();
  let nowMs = NOW_MS;
  const clock = { now: () => nowMs };
  const price = () => {
    made.pricings += 1;
    return made.priced;
  };
  const pricer = { ...NO_PRICER, price, midPrice: () => quoteAt('100').ask?.price ?? null };
  const quoting = { pricer, settings: RFQ_SETTINGS };
  const { journal } = startDesk(store, { ...clock, quoting });
  const names = { id: RFQ, clientRfqId: 'c' as ClientRfqId, accountId: 'anna' as AccountId };
  const size = { quantity: quantity('1'), quoteQuantity: null };
  const asked = { ...names, symbol: SYMBOL, side: 'BUY', size } as const;
  await new RfqEngine(journal).request(asked, INSTRUMENT);
  const logger = createLogger({ unit: 'test', level: 'silent' });
  const watch = new RfqWatch({ journal, quoting, clock, logger });
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += LOOK_MS) {
      nowMs += LOOK_MS;
      watch.look();
      await watch.stop();
    }
  };
  const quotes = () => [...store.rfq.quotes.values()].map(({ createdAt }) => createdAt - NOW_MS);
  return { made, pass, quotes, journal };
}

describe('an open request', () => {
  it.each([
    ['at an unchanged price', quoteAt('100')],
    ['without a price', null],
  ])('%s is priced four times a second, however often it is looked at', async (_, first) => {
    const { made, pass } = await watchedDesk(first);
    await pass(1000);
    expect(made.pricings).toBe(1 + 4);
  });

  it('is quoted when its price has changed, and before its quote is too old', async () => {
    const { made, pass, quotes } = await watchedDesk(quoteAt('100'));
    await pass(RFQ_SETTINGS.requoteMs);
    expect(quotes()).toEqual([0]);
    made.priced = quoteAt('101');
    await pass(RFQ_SETTINGS.requoteMs);
    expect(quotes()).toEqual([0, 500]);
    await pass(RFQ_SETTINGS.refreshMs);
    expect(quotes()).toEqual([0, 500, 1500]);
  });

  it('is quoted at an unchanged outside price when that was requested again, and not before', async () => {
    const askedAfter = (ms: number) => {
      const outside = { reference: null, askedAt: NOW_MS + ms };
      return { ...quoteAt('100'), basis: { ...BASIS, outside } };
    };
    const { made, pass, quotes } = await watchedDesk(askedAfter(0));
    await pass(RFQ_SETTINGS.requoteMs);
    expect(quotes()).toEqual([0]);
    made.priced = askedAfter(400);
    await pass(2 * RFQ_SETTINGS.requoteMs);
    expect(quotes()).toEqual([0, 500]);
  });

  it('is quoted at an unchanged price when the middle of the market has moved, so that the newest quote can be filled', async () => {
    const world = new AcceptWorld();
    // Two BTC cost the same on both, and both are in the range of the last ten seconds.
    const whole = [['100.11', '2']] as const;
    world.thinMarket(whole);
    world.thinMarket([
      ['100.01', '1'],
      ['100.21', '1'],
    ]);
    await world.quoted();
    world.now += RFQ_SETTINGS.requoteMs;
    world.thinMarket(whole);
    await world.desk.journal.run(quoteRfqs);
    const quotes = [...world.store.rfq.quotes.values()];
    expect(new Set(quotes.map(({ ask }) => ask?.price)).size).toBe(1);
    await world.accept();
    await world.answerHold();
    expect(world.state()).toBe('FILLED / FILLED');
  });

  it('is not quoted again and again because its client took something on a side that it does not offer', async () => {
    const outside = { reference: null, askedAt: NOW_MS };
    const { pass, quotes, journal } = await watchedDesk({
      ...quoteAt('100'),
      ...{ bid: null, basis: { ...BASIS, outside } },
    });
    const take = { id: 'taken' as RfqId, accountId: 'anna' as AccountId, symbol: SYMBOL };
    const taken = { side: 'SELL', quantity: quantity('1') } as const;
    journal.state?.rfqs.takes.note(take, taken, null, NOW_MS + 100);
    for (let n = 0; n < 3; n += 1) await pass(RFQ_SETTINGS.requoteMs);
    expect(quotes()).toEqual([0]);
  });
});

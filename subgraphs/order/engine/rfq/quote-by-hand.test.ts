import { beforeEach, describe, expect, it } from 'vitest';
import type { ClientRfqId, QuoteId, RfqId, UserId } from '#shared/domain/ids.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { priceCollar } from '../../domain/rules/price-collar.ts';
import { NO_PRICER } from '../../domain/rfq/quote-pricer.ts';
import { isFirm } from '../../domain/rfq/rfq-quote.ts';
import { money, price, quantity } from '../../domain/test-orders.ts';
import { INSTRUMENT, SYMBOL } from '../test-journal.ts';
import { isAnyRfqDue } from './settle-rfqs.ts';
import { AcceptWorld, ANNA, RFQ } from './test-accepts.ts';

const trader = 'trader' as UserId;
/** How long a quote lives, in milliseconds, where it is to end before its request. */
const SHORT_LIFE_MS = 2500;
let world: AcceptWorld;
beforeEach(async () => {
  world = await quotedWorld();
});

/** A world with the desk's own quote of the request. */
async function quotedWorld(quoteLifeMs?: number): Promise<AcceptWorld> {
  const made = new AcceptWorld(undefined, quoteLifeMs);
  made.market();
  await made.quoted();
  return made;
}

/** The trader, who has taken the request over, quotes it. */
function quoteByHand({ engine }: AcceptWorld, id: string, instrument = INSTRUMENT) {
  const ask = { price: price('100.02'), quantity: quantity('2') };
  return engine.quoteByHand(RFQ, trader, { bid: null, ask }, id as QuoteId, instrument);
}

/** Its answer: why it was refused, if it was. */
async function answerByHand(...quoted: Parameters<typeof quoteByHand>): Promise<string> {
  const made = await quoteByHand(...quoted);
  return made.kind === 'refused' ? made.refusal.reason : made.kind;
}

describe('a first quote by hand', () => {
  const instrument = { ...INSTRUMENT, minNotional: money('10'), maxNotional: money('500') };
  const quote = async (id: string, size: string, text: string) => {
    world.market(true);
    const rfqId = id as RfqId;
    const names = { id: rfqId, clientRfqId: id as ClientRfqId, accountId: ANNA, symbol: SYMBOL };
    const asked = { quantity: quantity(size), quoteQuantity: null };
    await world.engine.request({ ...names, side: 'BUY', size: asked }, instrument);
    await world.engine.takeOver(rfqId, trader, true);
    const ask = { price: price(text), quantity: asked.quantity };
    const prices = { bid: null, ask };
    const quoteId = `by-hand-${id}` as QuoteId;
    const made = await world.engine.quoteByHand(rfqId, trader, prices, quoteId, instrument);
    return made.kind === 'refused' ? made.refusal.reason : made.kind;
  };

  it('values a request that no market has valued', async () => {
    expect(await quote('small', '0.05', '100')).toBe('NOTIONAL_BELOW_MINIMUM');
    expect(await quote('large', '9', '100')).toBe('NOTIONAL_EXCEEDS_MAXIMUM');
    expect(await quote('slip', '1', '99999999999999999999')).toBe('NOTIONAL_EXCEEDS_MAXIMUM');
    expect(await quote('good', '1', '100')).toBe('done');
  });
});

describe('a later quote by hand', () => {
  it('is guarded against a slip by the market of the last automatic one, if there is none now', async () => {
    world.market(true);
    await world.engine.takeOver(RFQ, trader, true);
    const quote = async (text: string, id: string) => {
      const ask = { price: price(text), quantity: quantity('2') };
      const prices = { bid: null, ask };
      const made = await world.engine.quoteByHand(RFQ, trader, prices, id as QuoteId, INSTRUMENT);
      if (made.kind !== 'refused') return made.kind;
      const { reason, limit, nearestValid, message } = made.refusal;
      expect([limit, message]).toEqual([nearestValid, expect.stringContaining(text)]);
      return `${reason} ${message.includes('above') ? '>' : '<'} ${limit}`;
    };
    const { lowest, highest } = priceCollar(price('100'), INSTRUMENT) ?? expect.fail('no collar');
    const [low, high] = [lowest, highest].map((one) => formatPrice(one, INSTRUMENT.priceScale));
    expect(await quote('1000.02', 'slip')).toBe(`INVALID_PRICE > ${high}`);
    expect(await quote('100.02', 'first')).toBe('done');
    // That one has no market, and the one before it is still the last known.
    expect(await quote('10.02', 'slip-again')).toBe(`INVALID_PRICE < ${low}`);
  });
});

describe('the accept of a quote by hand', () => {
  it('needs no market, because it is not measured against one', async () => {
    world.market(true);
    await world.engine.takeOver(RFQ, trader, true);
    await quoteByHand(world, 'by-hand');
    expect(await world.accept()).toBe('pending');
    await world.answerHold();
    expect(world.state()).toBe('FILLED / FILLED');
  });
});

describe('a quote by hand', () => {
  it('ends when another process takes over, but not with a lost turn', async () => {
    await world.engine.takeOver(RFQ, trader, true);
    await quoteByHand(world, 'by-hand');
    world.store.failsNext = true;
    await expect(world.turn()).rejects.toThrow();
    await world.turn();
    expect(world.state()).toBe('QUOTED / undefined');
    world.restart();
    // As old as it may be, by this clock it is new.
    world.now -= 900;
    expect(await world.accept()).toBe('QUOTE_WITHDRAWN');
    expect(world.state()).toBe('OPEN / undefined');
    expect(world.store.rfq.rfqs.get(RFQ)?.traderId).toBe(trader);
  });
});

describe('a quote by hand that no accept could trade on', () => {
  const NINE = 'nine' as RfqId;
  beforeEach(async () => {
    await world.quoted(NINE, '9');
    await world.engine.takeOver(RFQ, trader, true);
  });

  it('is refused while the house is at its limit, and not shown', async () => {
    // The house can sell ten at 100. One is left, and two are wanted.
    await world.accept(NINE);
    expect(await answerByHand(world, 'beyond')).toBe('RISK_LIMIT_EXCEEDED');
    expect(world.state()).toBe('OPEN / undefined');
    await world.answerHold({ kind: 'INSUFFICIENT_FUNDS', free: null }, NINE);
    expect(await answerByHand(world, 'within')).toBe('done');
    expect(await world.accept()).toBe('pending');
  });

  it('is refused while trading is halted or the instrument is not trading', async () => {
    await world.setTradingState('HALTED');
    expect(await answerByHand(world, 'halted')).toBe('TRADING_HALTED');
    await world.setTradingState('ACTIVE');
    const stopped = { ...INSTRUMENT, status: 'CANCEL_ONLY' } as const;
    expect(await answerByHand(world, 'stopped', stopped)).toBe('INSTRUMENT_NOT_TRADING');
    expect(await answerByHand(world, 'trading')).toBe('done');
  });
});

describe('a quote by hand after one that expired while nobody had the books', () => {
  it('is firm: only the expired one ends with its process', async () => {
    const short = await quotedWorld(SHORT_LIFE_MS);
    await short.engine.takeOver(RFQ, trader, true);
    await quoteByHand(short, 'expired');
    short.now += 2500;
    short.restart();
    await short.turn();
    expect(short.state()).toBe('OPEN / undefined');
    expect(await quoteByHand(short, 'new')).toMatchObject({ kind: 'done' });
    await short.turn();
    expect(short.state()).toBe('QUOTED / undefined');
    expect(await short.accept()).toBe('pending');
  });
});

describe('a quote by hand that expires and is not replaced', () => {
  it('is followed by the news that the desk does not quote, once no accept of it can still wait', async () => {
    const short = await quotedWorld(SHORT_LIFE_MS);
    await short.engine.takeOver(RFQ, trader, true);
    await quoteByHand(short, 'first');
    short.now += 3499;
    const isDue = () => {
      const { state } = short.desk.journal;
      const at = { now: short.now, steadyMs: short.now };
      return state !== null && isAnyRfqDue(state.rfqs, NO_PRICER, at);
    };
    expect(isDue()).toBe(false);
    short.now += 1;
    expect(isDue()).toBe(true);
    await short.turn();
    expect(short.state()).toBe('OPEN / undefined');
    expect(short.store.rfq.events.at(-1)).toMatchObject({ rfqId: RFQ, type: 'NOT_QUOTING' });
    expect(isDue()).toBe(false);
    expect(await quoteByHand(short, 'second')).toMatchObject({ kind: 'done' });
    expect(await short.accept()).toBe('pending');
  });
});

describe('a quote that has ended before the one who made it stopped', () => {
  it('is not firm again because the clock was set back a little', async () => {
    const short = await quotedWorld(SHORT_LIFE_MS);
    const [automatic] = short.store.rfq.quotes.keys();
    short.now += 2500;
    await short.engine.takeOver(RFQ, trader, true);
    await quoteByHand(short, 'first');
    short.now += 2600;
    await quoteByHand(short, 'second');
    short.now -= 900;
    const quotes = [...short.store.rfq.quotes.values()];
    const firm = quotes.filter((one) => isFirm(one, short.now)).map(({ id }) => id);
    expect(firm).toEqual(['second']);
    for (const gone of [automatic, 'first']) {
      const quoted = short.store.rfq.quotes.get(gone as QuoteId) ?? expect.fail('no such quote');
      expect(await short.accept(RFQ, INSTRUMENT, { quote: quoted })).toBe('QUOTE_WITHDRAWN');
    }
    expect(await short.accept()).toBe('pending');
  });

  it('is withdrawn only if it ended a moment ago', async () => {
    const short = await quotedWorld(SHORT_LIFE_MS);
    short.now += 3499;
    await short.engine.takeOver(RFQ, trader, true);
    expect(short.store.rfq.events.map(({ type }) => type)).toContain('QUOTE_WITHDRAWN');
    const ended = await quotedWorld(SHORT_LIFE_MS);
    ended.now += 3500;
    await ended.engine.takeOver(RFQ, trader, true);
    expect(ended.store.rfq.events.map(({ type }) => type)).not.toContain('QUOTE_WITHDRAWN');
  });
});

describe('an accept that arrived while its quote was firm and waits for its turn', () => {
  it('is refused once the quote has expired and its request was taken over', async () => {
    const [quote] = world.store.rfq.quotes.values();
    const about = { arrivedAt: world.now + 29_999, ...(quote === undefined ? {} : { quote }) };
    world.now += 30_000;
    await world.engine.takeOver(RFQ, trader, true);
    expect(await world.accept(RFQ, INSTRUMENT, about)).toBe('QUOTE_WITHDRAWN');
    expect(world.state()).toBe('OPEN / undefined');
  });

  it('is refused also if the quote had expired too long before to be withdrawn', async () => {
    const short = await quotedWorld(SHORT_LIFE_MS);
    const arrivedAt = short.now + SHORT_LIFE_MS - 1;
    short.now += SHORT_LIFE_MS + 1000;
    await short.engine.takeOver(RFQ, trader, true);
    expect(short.store.rfq.events.map(({ type }) => type)).not.toContain('QUOTE_WITHDRAWN');
    expect(await short.accept(RFQ, INSTRUMENT, { arrivedAt })).toBe('QUOTE_WITHDRAWN');
  });
});

import { expect, it } from 'vitest';
import { BTC_USDT, levels, price, TestMarket } from '../../test-market.ts';
import { markPriceOf } from './mark-price.ts';

const quoted = (bid: string, ask: string) => {
  const desk = new TestMarket();
  const side = (text: string) => levels(text && `1 @ ${text}`)[0] ?? null;
  const quote = { kind: 'quote', symbol: BTC_USDT.symbol, exchangeTimeMs: null } as const;
  desk.markets.apply({ ...quote, bid: side(bid), ask: side(ask) }, desk.clock.now());
  return desk;
};

it.each([
  ['100', '102', '101'],
  ['100', '100', '100'],
  ['102', '100', null],
  ['100', '', null],
  ['', '100', null],
])('of a bid of %j and an ask of %j is %s, and null once they are old', (bid, ask, expected) => {
  const { market, clock } = quoted(bid, ask);
  expect(markPriceOf(market, clock.now())).toBe(expected && price(expected));
  clock.pass(BTC_USDT.maxQuoteAgeMs + 1);
  expect(markPriceOf(market, clock.now())).toBeNull();
});

it('is null before the first quote', () => {
  const { market, clock } = new TestMarket();
  expect(markPriceOf(market, clock.now())).toBeNull();
});

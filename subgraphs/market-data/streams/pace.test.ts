// A clock that is set back by an hour while streams are open.
import { expect, it } from 'vitest';
import { TestMarket } from '../test-market.ts';
import { CandleChanges } from './candle-changes.ts';
import type { FrameSource } from './frame-source.ts';
import type { ControlFrame } from './frames.ts';
import { LatestConsolidated } from './latest-consolidated.ts';
import { LatestQuote } from './latest-quote.ts';
import { LatestTicker } from './latest-ticker.ts';

const HOUR_MS = 3_600_000;
const LIMITS = { heartbeatMs: 5000, capacity: 8 };

it.each<
  [string, (desk: TestMarket) => FrameSource<{ readonly __typename: string } | ControlFrame>]
>([
  ['QuoteUpdate', ({ market }) => new LatestQuote(market, 1, LIMITS)],
  [
    'ConsolidatedBookUpdate',
    ({ market }) => new LatestConsolidated([market], { depth: 5, maxPerSecond: 1 }, LIMITS),
  ],
  ['TickerUpdate', ({ market }) => new LatestTicker(market, LIMITS)],
  ['CandleUpdate', ({ market }) => new CandleChanges(market, 'ONE_HOUR', LIMITS)],
])('holds back no %s, and no heartbeat', (type, sourceOf) => {
  const desk = new TestMarket();
  const source = sourceOf(desk);
  let [price, venueMs] = [100, desk.clock.now()];
  const moved = () => {
    price += 1;
    venueMs += 1;
    desk.quote(price);
    desk.snapshot(`1 @ ${price}`, `1 @ ${price + 1}`);
    desk.trade(venueMs, `1 @ ${price}`);
  };
  const take = () => source.take(desk.clock.now())?.__typename;
  source.open(() => undefined, desk.clock.now());
  moved();
  expect(take()).toBe(type);
  moved();
  expect(take()).toBeUndefined();
  desk.clock.pass(-HOUR_MS);
  expect(take()).toBe(type);
  desk.clock.pass(-HOUR_MS);
  expect(take()).toBe('StreamHeartbeat');
});

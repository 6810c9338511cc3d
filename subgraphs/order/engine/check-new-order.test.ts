import { expect, it } from 'vitest';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import type { NewOrder } from '../domain/order-progress.ts';
import type { OrderTrigger, TrailingOffset } from '../domain/order-trigger.ts';
import {
  aNewOrder,
  anInstrument,
  aQuote,
  money,
  NOW_MS,
  price,
  quantity,
  units,
} from '../domain/test-orders.ts';
import { checkNewOrder } from './check-new-order.ts';
import { JournalState } from './journal-state.ts';
import { MemoryJournalStore } from './test-journal.ts';

// What is denied is stored too: whatever a client may write, the store has to have a place for it.

/** The largest that NUMERIC(38,18) has, as a count of 10^-18. */
const LARGEST = 10n ** 38n - 1n;
/** The largest Decimal that is taken. */
const HUGE = '9'.repeat(18);

const [CHEAP, DEAR] = [
  { tick: '0.00000001', bid: '0.00000011', ask: '0.00000012' },
  { tick: '1000', bid: '99999000', ask: '100000000' },
];

async function check(asked: Partial<NewOrder>, { tick, bid, ask }: typeof CHEAP) {
  const state = new JournalState(await new MemoryJournalStore().load(), { now: () => NOW_MS });
  const terms = { orderType: 'MARKET', timeInForce: 'IOC' } as const;
  const order = { ...aNewOrder('BUY', '1', '1'), terms, ...asked };
  const instrument = anInstrument({ tickSize: price(tick), priceScale: 8 });
  const quote = aQuote({ bidPrice: price(bid), askPrice: price(ask) });
  return checkNewOrder({ state, now: NOW_MS, quotes: { quote: () => quote } }, order, instrument);
}

it.each([CHEAP, DEAR])(
  'denies a quote quantity that comes to what no store has: %j',
  async (at) => {
    const instructions = { ...NO_INSTRUCTIONS, quoteQuantity: money(HUGE) };
    const checked = await check({ instructions, quantity: quantity('0') }, at);
    expect(checked).toMatchObject({
      kind: 'denied',
      violations: [{ reason: 'NOTIONAL_EXCEEDS_MAXIMUM', rule: 'maxNotional' }],
    });
    expect(checked.order.quantity).toBeLessThanOrEqual(LARGEST);
  },
);

it.each<[TrailingOffset['type'], typeof CHEAP, string, string]>([
  ['BASIS_POINTS', DEAR, '10000', '10000.00000001'],
  ['BASIS_POINTS', CHEAP, '10000', HUGE],
  ['BASIS_POINTS', DEAR, '10000', HUGE],
  ['PRICE', CHEAP, '1000000000000000', HUGE],
  ['TICKS', DEAR, '1000000000000', HUGE],
])(
  'denies a trailing offset in %s at %j that is larger than %s: %s',
  async (type, at, limit, offset) => {
    const trigger: OrderTrigger = {
      ...{ kind: 'TRAILING_STOP', source: 'BID_ASK', timeInForce: 'GTC' },
      ...{ triggerPrice: price('0'), triggeredAt: null, trailing: { type, offset: units(offset) } },
    };
    const checked = await check({ trigger }, at);
    const denial = {
      reason: 'INVALID_COMBINATION',
      rule: 'trailingOffset',
      limit,
      nearestValid: limit,
    };
    expect(checked).toMatchObject({ kind: 'denied' });
    expect(checked.kind === 'denied' && checked.violations[0]).toMatchObject(denial);
    expect(checked.order.trigger?.triggerPrice).toBeLessThanOrEqual(10n ** 36n);
    const most = { ...trigger, trailing: { type, offset: units(limit) } };
    const bounded = await check({ trigger: most }, at);
    const rules = bounded.kind === 'denied' ? bounded.violations.map(({ rule }) => rule) : [];
    expect(rules).not.toContain('trailingOffset');
  },
);

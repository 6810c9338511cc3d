import { afterAll, beforeAll, expect, it } from 'vitest';
import { SubgraphMetrics } from '#shared/subgraph/subgraph-metrics.ts';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import type { TestTrader } from './test-trader.ts';

const metrics = new SubgraphMetrics();
let desk: TestDesk;
let buyer: TestTrader;
beforeAll(async () => {
  desk = await startTestDesk({ metrics });
  desk.quote({});
  buyer = await desk.aTrader({ USDT: '1000' });
});
afterAll(() => desk.stop());

/** The value of one line of Prometheus' text format. */
async function valueOf(line: string): Promise<number> {
  const text = await metrics.text();
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.slice(line.length));
}

it('shows how long turns and holds take, and what waits for the ledger', async () => {
  const seller = await desk.aTrader({ BTC: '1' });
  await seller.place(seller.limit('SELL', '0.01', '60000'));
  await buyer.place(buyer.limit('BUY', '0.01', '60000'));
  // Each order is stored, and matched once it has its hold; what the ledger has settled is no event.
  expect(await valueOf('deskgraph_turn_duration_seconds_count')).toBe(4);
  expect(await valueOf('deskgraph_turn_events_count')).toBe(4);
  expect(await valueOf('deskgraph_turn_events_sum')).toBeGreaterThanOrEqual(6);
  expect(await valueOf('deskgraph_hold_duration_seconds_count{outcome="ok"}')).toBe(2);
  const unsent = () => valueOf('deskgraph_outbox_unsent');
  await until(unsent, (count) => count === 0);
  expect(await valueOf('deskgraph_outbox_oldest_seconds')).toBe(0);

  await desk.account.stop();
  await desk.databases.order.sql(`INSERT INTO outbox (kind, payload, created_at)
    VALUES ('releaseHold', '{}', now() - interval '1 hour'), ('releaseHold', '{}', now())`);
  expect(await unsent()).toBe(2);
  expect(await valueOf('deskgraph_outbox_oldest_seconds')).toBeGreaterThanOrEqual(3600);
  void buyer.place(buyer.limit('BUY', '0.01', '60000')).catch(() => undefined);
  const failed = () => valueOf('deskgraph_hold_duration_seconds_count{outcome="failed"}');
  await until(failed, (count) => count > 0);
});

it('shows what cannot be read as no number, and all else as ever', async () => {
  const { sql } = desk.databases.order;
  await sql('ALTER TABLE outbox RENAME TO away');
  expect(await valueOf('deskgraph_outbox_unsent')).toBeNaN();
  expect(await metrics.text()).toMatch(/^deskgraph_outbox_oldest_seconds Nan$/m);
  expect(await valueOf('deskgraph_turn_events_count')).toBeGreaterThan(0);
  await sql('ALTER TABLE away RENAME TO outbox');
});

it.each([
  [
    'refused',
    'ALTER TABLE order_events ADD CONSTRAINT none CHECK (false) NOT VALID',
    'ALTER TABLE order_events DROP CONSTRAINT none',
  ],
  [
    'unavailable',
    'ALTER TABLE order_events RENAME TO away',
    'ALTER TABLE away RENAME TO order_events',
  ],
])('counts the turns that are %s, and no others', async (cause, begin, end) => {
  const { sql } = desk.databases.order;
  const lost = async () => (await valueOf(`deskgraph_turns_lost_total{cause="${cause}"}`)) || 0;
  expect(await lost()).toBe(0);
  await sql(begin);
  await buyer.place(buyer.limit('BUY', '0.01', '60000')).catch(() => undefined);
  await sql(end);
  expect(await lost()).toBeGreaterThan(0);
});

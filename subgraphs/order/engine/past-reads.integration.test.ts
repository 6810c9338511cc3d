// What is read about the past while a turn with a time in that past is being stored.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AccountId, ClientRfqId, RfqId } from '#shared/domain/ids.ts';
import { NOW_MS, quantity } from '../domain/test-orders.ts';
import type { OrderStores } from '../store/open-order-stores.ts';
import { openTestOrderStores, type TestOrderStores } from '../store/test-order-stores.ts';
import { RfqEngine } from './rfq/rfq-engine.ts';
import { INSTRUMENT, startDesk, SYMBOL } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';
import { StoredJournal } from './test-stored-journal.ts';

const ACCOUNT = 'alice' as AccountId;
const PAGE = { limit: 50, after: null };
const EVERY_ORDER = {
  symbol: null,
  statuses: null,
  isOpen: null,
  isClosed: null,
  clientOrderIds: null,
};
/** Far longer than any of the reads takes if nothing holds it up. */
const LONG_ENOUGH_MS = 300;

const time = { now: NOW_MS };
let owned: TestOrderStores;
let desk: ReturnType<typeof startDesk>;
let trade: () => Promise<unknown>;
beforeAll(async () => {
  owned = await openTestOrderStores();
  const store = new StoredJournal(owned.stores);
  desk = startDesk(store, { now: () => time.now });
  const place = placer(desk, store);
  trade = () => place(ACCOUNT, 'BUY', '1', limitAt('101'));
});
afterAll(() => owned.close());

function request() {
  const id = `rfq-${time.now}`;
  const size = { quantity: quantity('1'), quoteQuantity: null };
  const ids = { id: id as RfqId, clientRfqId: id as ClientRfqId, accountId: ACCOUNT };
  return new RfqEngine(desk.journal).request(
    { ...ids, symbol: SYMBOL, side: 'BUY', size },
    INSTRUMENT,
  );
}

async function untilTurnWaits(): Promise<void> {
  const waiting = () =>
    owned.sql(
      `SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  await expect.poll(waiting).toHaveLength(1);
}

type Read = (stores: OrderStores, to: number) => Promise<unknown>;

it.each<[string, string, () => Promise<unknown>, Read]>([
  [
    'orders',
    'orders',
    () => trade(),
    async ({ queries }, to) => {
      const filter = { ...EVERY_ORDER, period: { from: null, to } };
      return (await queries.orderPages([ACCOUNT], filter, PAGE)).map(({ id }) => id);
    },
  ],
  [
    'fills',
    'fills',
    () => trade(),
    ({ queries }, to) =>
      queries.fillPages([ACCOUNT], { symbol: null, period: { from: null, to } }, PAGE),
  ],
  [
    'trading statements',
    'fills',
    () => trade(),
    ({ queries }, to) =>
      queries.tradingStatements([{ accountId: ACCOUNT, period: { from: null, to } }]),
  ],
  [
    "the desk's statistics",
    'fills',
    () => trade(),
    async ({ rfqStatistics: statistics }, to) => {
      const period = { symbol: SYMBOL, from: NOW_MS, to, bucketMs: 1000 };
      return [await statistics.inventoryMoves(period), await statistics.houseSums(period)];
    },
  ],
  [
    'requests for quote',
    'rfqs',
    request,
    ({ rfqs }, to) =>
      rfqs.rfqPages([ACCOUNT], { symbol: null, statuses: null, period: { from: null, to } }, PAGE),
  ],
  [
    'statistics of requests for quote',
    'rfqs',
    request,
    ({ rfqStatistics }, to) => rfqStatistics.tallies(ACCOUNT, { from: null, to }),
  ],
])(
  'shows in %s of a period that is over what is just being stored',
  async (_, table, act, read) => {
    desk.hear('99', '101');
    const before = await read(owned.stores, time.now + 1);
    const end = time.now + 5;
    await owned.sql('BEGIN');
    await owned.sql(`LOCK TABLE ${table} IN SHARE MODE`);
    const done = act();
    await untilTurnWaits();
    time.now = end + 1;
    const early = read(owned.stores, end);
    await Promise.race([early, pause(LONG_ENOUGH_MS)]);
    await owned.sql('COMMIT');
    await done;
    const late = await read(owned.stores, end);
    expect(late).not.toEqual(before);
    expect(await early).toEqual(late);
  },
);

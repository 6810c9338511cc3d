// A desk that has traded, and one corruption after the other planted in its stores and taken out again.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk, until } from '../../subgraphs/order/test-desk.ts';
import { RfqClient } from '../../subgraphs/order/test-rfq-client.ts';
import { AUDIT_NAME, auditLedger, PROMISES } from './audit-ledger.ts';
import { CREDENTIAL_CORRUPTIONS } from './test-credential-corruptions.ts';
import { makeCredentials } from './test-credentials.ts';
import { EVENT_CORRUPTIONS } from './test-event-corruptions.ts';
import { LEDGER_CORRUPTIONS } from './test-ledger-corruptions.ts';
import { moveWithoutTrading } from './test-movements.ts';
import { ORDER_CORRUPTIONS } from './test-order-corruptions.ts';

const CORRUPTIONS = [
  ...LEDGER_CORRUPTIONS,
  ...EVENT_CORRUPTIONS,
  ...CREDENTIAL_CORRUPTIONS,
  ...ORDER_CORRUPTIONS,
];

let desk: TestDesk;
/** The buyer takes some more of what the seller offers. */
let trade: () => Promise<unknown>;
/** Ids of what the desk has. */
let known: Readonly<Record<string, string>>;

beforeAll(async () => {
  desk = await startTestDesk();
  const [seller, buyer] = [
    await desk.aTrader({ BTC: '1' }),
    await desk.aTrader({ USDT: '100000' }),
  ];
  await seller.place(seller.limit('SELL', '0.5', '60000'));
  const taken = await buyer.place(buyer.limit('BUY', '0.2', '60000'));
  trade = () => buyer.place(buyer.limit('BUY', '0.1', '60000'));
  const canceled = await buyer.place(buyer.limit('BUY', '0.1', '50000'));
  await buyer.cancel(canceled.order.id);
  const resting = await buyer.place(buyer.limit('BUY', '0.1', '51000'));
  await until(
    () => buyer.balances(),
    ({ USDT }) => USDT === '87988/5105.1/82882.9',
  );
  const rfqs = new RfqClient(await desk.aTrader({ USDT: '200000' }));
  desk.quote({ bids: [['59000', '50']], asks: [['59010', '50']] });
  const filled = await rfqs.accept(rfqs.acceptOf(await rfqs.quoted()));
  await until(
    () => rfqs.read(filled.rfq.id),
    ({ settlement }) => settlement?.status === 'SETTLED',
  );
  const [{ accountId: saver }, { accountId: closed }] = [
    await desk.aTrader({ BTC: '1' }),
    await desk.aTrader(),
  ];
  await makeCredentials(desk.databases.account.url, saver);
  await moveWithoutTrading(desk.databases.account.url, { saver, closed });
  known = {
    saver,
    closed,
    buyer: buyer.accountId,
    seller: seller.accountId,
    resting: resting.order.id,
    taken: taken.order.id,
    rfq: filled.rfq.id,
  };
});
afterAll(() => desk.stop());

async function brokenChecks(): Promise<readonly string[]> {
  const { account, order } = desk.databases;
  const findings = await auditLedger({ account: account.url, order: order.url }, 0);
  return [...new Set(findings.map(({ check }) => check))].sort();
}

/** Puts ids for names like `:buyer`. */
function withIds(sql: string): string {
  return sql.replace(/:([a-z]+)/g, (_match, name: string) => `'${known[name]}'`);
}

describe('the audit', () => {
  it('fails, and no more than that, where its connection breaks while it waits', async () => {
    await desk.databases.account.sql('BEGIN');
    await desk.databases.account.sql('LOCK TABLE ledger_entries');
    const audit = brokenChecks();
    const failed = expect(audit).rejects.toThrow();
    const waiting = `FROM pg_stat_activity WHERE datname = current_database()
      AND application_name = '${AUDIT_NAME}' AND state = 'idle in transaction'`;
    await until(
      () => desk.databases.order.sql(`SELECT pid ${waiting}`),
      (found) => found.length === 1,
    );
    await desk.databases.order.sql(`SELECT pg_terminate_backend(pid) ${waiting}`);
    await desk.databases.account.sql('ROLLBACK');
    await failed;
  });

  it('finds nothing in a desk that has traded', async () => {
    expect(await brokenChecks()).toEqual([]);
  });

  it('finds no difference in what the ledger has applied and nobody has marked yet', async () => {
    await desk.databases.order.sql('UPDATE outbox SET sent_at = NULL');
    try {
      // The outbox itself may have waited for too long by now.
      const others = (await brokenChecks()).filter((check) => check !== 'outbox');
      expect(others).toEqual([]);
    } finally {
      await desk.databases.order.sql('UPDATE outbox SET sent_at = now() WHERE sent_at IS NULL');
    }
  });

  it.each(CORRUPTIONS)('finds %s', async (_name, store, corrupt, repair, checks) => {
    await desk.databases[store].sql(withIds(corrupt));
    try {
      expect(await brokenChecks()).toEqual(checks);
    } finally {
      await desk.databases[store].sql(withIds(repair));
    }
    expect(await brokenChecks()).toEqual([]);
  });

  it.each([
    ['nothing wrong with an exit that waits while its account is frozen', 'frozen_at', []],
    ['an exit that waits on a closed account, for what never comes', 'closed_at', ['exits']],
  ])('finds %s', async (_what, since, checks) => {
    const [, store, corrupt, repair] =
      CORRUPTIONS.find(([name]) => name.startsWith('an exit that was left waiting')) ??
      expect.fail('there is no such corruption');
    const set = (state: string, time: string) =>
      desk.databases.account.sql(
        withIds(
          `UPDATE accounts SET trading_state = '${state}', ${since} = ${time} WHERE id = :buyer`,
        ),
      );
    await set('HALTED', 'now()');
    await desk.databases[store].sql(withIds(corrupt));
    try {
      // The buyer's account is not empty, as a closed one is.
      expect((await brokenChecks()).filter((check) => check !== 'closed')).toEqual(checks);
    } finally {
      await desk.databases[store].sql(withIds(repair));
      await set('ACTIVE', 'NULL');
    }
  });

  it('finds a fill that was settled as another one on an account that goes on trading', async () => {
    const [, , corrupt, repair, checks] =
      CORRUPTIONS.find(([name]) => name === 'a fill that was settled as another one') ??
      expect.fail('there is no such corruption');
    const { account, order } = desk.databases;
    await account.sql(withIds(corrupt));
    // Only the audit reads that table: it waits in the middle of its first look.
    await account.sql('BEGIN');
    await account.sql('LOCK TABLE audit_entries');
    const audit = brokenChecks();
    await until(
      () =>
        account.sql(
          `SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'audit_entries'::regclass`,
        ),
      (waiting) => waiting.length === 1,
    );
    // No snapshot of the orders is open by then.
    const states = await order.sql(
      `SELECT state FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = '${AUDIT_NAME}'`,
    );
    expect(states).toEqual([{ state: 'idle' }]);
    await trade();
    await until(
      () => order.sql('SELECT position FROM outbox WHERE sent_at IS NULL'),
      (unsent) => unsent.length === 0,
    );
    await account.sql('ROLLBACK');
    expect(await audit).toEqual(checks);
    await account.sql(withIds(repair));
    expect(await brokenChecks()).toEqual([]);
  });

  it('names every promise once', () => {
    const names = PROMISES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

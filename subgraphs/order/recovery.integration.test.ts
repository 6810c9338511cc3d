import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import type { OrderView, TestTrader } from './test-trader.ts';

const ORDER = 'query ($id: ID!) { order(id: $id) { id status filledQuantity fills { price } } }';

async function read(trader: TestTrader, id: string): Promise<OrderView> {
  const { data } = await trader.query<{ order: OrderView }>(ORDER, { id });
  return data.order;
}

async function list(trader: TestTrader, filter: object): Promise<readonly OrderView[]> {
  const { data } = await trader.query<{ orders: { edges: { node: OrderView }[] } }>(
    'query ($id: ID!, $filter: OrderFilterInput) { orders(accountId: $id, filter: $filter) { edges { node { id status } } } }',
    { id: trader.accountId, filter },
  );
  return data.orders.edges.map(({ node }) => node);
}

// What was promised stays true when a part of the desk is away, and when it comes back.
describe('the order server', () => {
  let desk: TestDesk;
  beforeEach(async () => {
    desk = await startTestDesk();
  });
  afterEach(() => desk.stop());

  /** Waits until everything was sent to the ledger. */
  const untilSent = () =>
    until(
      () => desk.databases.order.sql('SELECT 1 FROM outbox WHERE sent_at IS NULL'),
      (unsent) => unsent.length === 0,
    );

  describe('started again', () => {
    it('has the same book: price first, then the older one, partial fills kept', async () => {
      const makers = await Promise.all([1, 2, 3].map(() => desk.aTrader({ BTC: '1' })));
      const [first, second, third] = makers as [TestTrader, TestTrader, TestTrader];
      const older = await first.place(first.limit('SELL', '0.3', '60000'));
      const younger = await second.place(second.limit('SELL', '0.3', '60000'));
      const better = await third.place(third.limit('SELL', '0.1', '59999'));
      const buyer = await desk.aTrader({ USDT: '100000' });
      await buyer.place(buyer.limit('BUY', '0.2', '60000'));

      await desk.order.stop();
      await desk.order.start();

      const taken = await buyer.place(buyer.limit('BUY', '0.3', '60000'));
      expect(taken.order).toMatchObject({ status: 'FILLED', filledQuantity: '0.30000' });
      expect(await read(third, better.order.id)).toMatchObject({ status: 'FILLED' });
      expect(await read(first, older.order.id)).toMatchObject({ status: 'FILLED' });
      expect(await read(second, younger.order.id)).toMatchObject({
        status: 'PARTIALLY_FILLED',
        filledQuantity: '0.10000',
      });
      await until(
        () => second.balances(),
        ({ BTC }) => BTC === '0.9/0.2/0.7',
      );
    });

    it('goes on with the hold of an order that it had only stored', async () => {
      const trader = await desk.aTrader({ USDT: '1000' });
      await desk.account.stop();
      const answer = await trader.place(trader.limit('BUY', '0.01', '50000'));
      expect(answer.__typename).toBe('OrderOutcomeUnknown');
      await desk.order.stop();
      await desk.account.start();
      await desk.order.start();
      await until(
        () => trader.balances(),
        ({ USDT }) => USDT === '1000/500.5/499.5',
      );
    });

    it('sends what was left in the outbox', async () => {
      const [seller, buyer] = [
        await desk.aTrader({ BTC: '1' }),
        await desk.aTrader({ USDT: '60000' }),
      ];
      await seller.place(seller.limit('SELL', '0.1', '60000'));
      await buyer.place(buyer.limit('BUY', '0.1', '60000'));
      await until(
        () => buyer.balances(),
        ({ BTC }) => BTC === '0.1/0/0.1',
      );
      await desk.order.stop();
      // As if it had died before it could mark them: the ledger knows them again.
      await desk.databases.order.sql('UPDATE outbox SET sent_at = NULL');
      await desk.order.start();
      await untilSent();
      expect(await buyer.balances()).toEqual({ USDT: '53994/0/53994', BTC: '0.1/0/0.1' });
      expect(await seller.balances()).toEqual({ BTC: '0.9/0/0.9', USDT: '5995.2/0/5995.2' });
    });
  });

  describe('while the account subgraph is away', () => {
    it('says that the outcome is not known, and resolves it when it is back', async () => {
      const trader = await desk.aTrader({ USDT: '1000' });
      const input = trader.limit('BUY', '0.01', '50000');
      await desk.account.stop();
      expect(await trader.place(input)).toEqual({ __typename: 'OrderOutcomeUnknown' });
      const asked = trader.query<{ orderByClientOrderId: OrderView }>(
        `query ($accountId: ID!, $clientOrderId: ID!) {
          orderByClientOrderId(accountId: $accountId, clientOrderId: $clientOrderId) { id status }
        }`,
        input,
      );
      const { id, status } = (await asked).data.orderByClientOrderId;
      expect(status).toBe('SUBMITTED');
      await desk.account.start();
      await until(
        () => read(trader, id),
        (order) => order.status === 'ACCEPTED',
      );
      expect(await trader.balances()).toEqual({ USDT: '1000/500.5/499.5' });
      expect(await trader.place(input)).toMatchObject({ replayed: true, order: { id } });
    });

    it('cancels an order that waits for its hold, and nothing stays held', async () => {
      const trader = await desk.aTrader({ USDT: '1000' });
      const input = trader.limit('BUY', '0.01', '50000');
      await desk.account.stop();
      const placing = trader.place(input);
      const filters = [{ isClosed: false }, { isOpen: true }, { isClosed: true }];
      const lists = await until(
        () => Promise.all(filters.map((filter) => list(trader, filter))),
        ([unfinished]) => unfinished?.[0]?.status === 'SUBMITTED',
      );
      const { id } = lists[0]?.[0] as OrderView;
      // Before anything else: an order that has not ended after 3.5 s is answered with an unknown outcome.
      expect(await trader.cancel(id)).toMatchObject({ order: { status: 'CANCELED' } });
      // It could still trade, and was not open yet.
      expect(lists).toMatchObject([[{ id }], [], []]);
      expect(await list(trader, { isClosed: false })).toEqual([]);
      expect(await list(trader, { isClosed: true })).toMatchObject([{ id }]);
      expect(await placing).toMatchObject({ order: { id, status: 'CANCELED' } });
      await desk.account.start();
      await untilSent();
      expect(await trader.balances()).toEqual({ USDT: '1000/0/1000' });
    });
  });

  describe('when a turn cannot be stored', () => {
    /** Keeps turns from being stored until the work is done: they give up on the lock. */
    const withoutEvents = async <Result>(work: () => Promise<Result>, table = 'order_events') => {
      const { sql } = desk.databases.order;
      await sql('BEGIN');
      await sql(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      const result = await work();
      await sql('ROLLBACK');
      return result;
    };

    it('promises nothing, and takes the same request afterwards as the first', async () => {
      const trader = await desk.aTrader({ USDT: '1000' });
      const input = trader.limit('BUY', '0.01', '50000');
      const answer = await withoutEvents(() => trader.place(input));
      expect(answer.__typename).toBe('OrderOutcomeUnknown');
      expect(await trader.place(input)).toMatchObject({
        __typename: 'OrderAccepted',
        replayed: false,
        order: { status: 'ACCEPTED' },
      });
      expect(await trader.balances()).toEqual({ USDT: '1000/500.5/499.5' });
    });

    it('forgets the trades of that turn, and matches again on the stored book', async () => {
      const [seller, buyer] = [
        await desk.aTrader({ BTC: '1' }),
        await desk.aTrader({ USDT: '100000' }),
      ];
      const resting = await seller.place(seller.limit('SELL', '0.5', '60000'));
      // Submitting writes nothing into the outbox, trading does.
      const answer = await withoutEvents(
        () => buyer.place(buyer.limit('BUY', '0.2', '60000')),
        'outbox',
      );
      expect(answer.__typename).toBe('OrderOutcomeUnknown');
      const filled = await until(
        () => read(seller, resting.order.id),
        (order) => order.status === 'PARTIALLY_FILLED',
      );
      expect(filled).toMatchObject({ filledQuantity: '0.20000', fills: [{ price: '60000.00' }] });
      await until(
        () => buyer.balances(),
        ({ USDT }) => USDT === '87988/0/87988',
      );
      const rest = await buyer.place(buyer.limit('BUY', '0.4', '60000'));
      expect(rest.order).toMatchObject({ status: 'PARTIALLY_FILLED', filledQuantity: '0.30000' });
    });
  });
});

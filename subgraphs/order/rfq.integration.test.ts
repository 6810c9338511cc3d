import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RFQ_SETTINGS } from './domain/rfq/rfq-settings.ts';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import { QUOTE_STREAM, type StreamItem } from './test-quote-stream.ts';
import { RfqClient } from './test-rfq-client.ts';

describe('quotes on request', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    // Quotes live long, so that a slow machine is in time with them; what one test moved widens no other's.
    const pricing = { ...RFQ_SETTINGS.pricing, volatilityPercent: 0 };
    const rfq = { ...RFQ_SETTINGS, pricing, quoteLifeMs: 25_000, rfqLifeMs: 25_000 };
    desk = await startTestDesk({ rfq });
  });
  afterAll(() => desk.stop());
  const market = (bid: string, ask: string, quantity = '50') => {
    // A market from the near future stays fresh as long as the tests need it.
    const receivedAtMs = Date.now() + 60_000;
    desk.quote({ bids: [[bid, quantity]], asks: [[ask, quantity]], receivedAtMs });
  };
  beforeEach(() => {
    market('63990', '64010');
  });
  const aClient = async (balances: Readonly<Record<string, string>>) =>
    new RfqClient(await desk.aTrader(balances));
  const aQuotedClient = async (balances: Readonly<Record<string, string>>) => {
    const client = await aClient(balances);
    await until(
      async () => (await client.request()).rfq.quotes.length,
      (count) => count > 0,
    );
    return client;
  };

  it('are quoted around the market, accepted, filled without a fee, and settled', async () => {
    const client = await aQuotedClient({ USDT: '100000' });
    const quoted = await client.quoted();
    // 3 bps, and 2 bps a million on 32,000: 3.064 bps away from the walked price, to the cent.
    expect(quoted.quote).toMatchObject({ bidPrice: '63970.39', askPrice: '64029.62' });
    const answer = await client.accept(client.acceptOf(quoted));
    expect(answer).toMatchObject({
      __typename: 'QuoteFilled',
      replayed: false,
      rfq: { status: 'FILLED', fillPrice: '64029.62', lastLook: { moveBps: '0' } },
      order: { status: 'FILLED', fees: '0.00000000', averageFillPrice: '64029.62' },
    });
    const settled = await until(
      () => client.read(quoted.rfq.id),
      ({ settlement }) => settlement?.status === 'SETTLED',
    );
    expect(settled.settlement?.notional).toBe('32014.81000000');
    await until(
      () => client.trader.balances(),
      ({ BTC, USDT }) => BTC === '0.5/0/0.5' && USDT === '67985.19/0/67985.19',
    );
  });

  it('sell at the bid, by quote quantity in whole steps too', async () => {
    const client = await aQuotedClient({ BTC: '1' });
    const size = { quoteQuantity: '10000' };
    const quoted = await client.quoted({ size, side: 'SELL' });
    expect(quoted.quote).toMatchObject({ askPrice: null, askQuantity: null });
    const { bidPrice, bidQuantity } = quoted.quote;
    expect(Number(bidQuantity) * Number(bidPrice)).toBeLessThanOrEqual(10_000);
    expect((Number(bidQuantity) + 0.00001) * Number(bidPrice)).toBeGreaterThan(10_000);
    const answer = await client.accept(client.acceptOf(quoted, 'SELL'));
    expect(answer).toMatchObject({ __typename: 'QuoteFilled', order: { status: 'FILLED' } });
  });

  it('tell all that happens as a stream without a gap, which completes with the settlement', async () => {
    const client = await aQuotedClient({ USDT: '100000' });
    const quoted = await client.quoted();
    const collect = async (after: string | undefined, into: StreamItem[] = []) => {
      const variables = { rfqId: quoted.rfq.id, after };
      const { viewer } = client.trader;
      const stream = desk.subscribe<{ quoteStream: StreamItem }>(QUOTE_STREAM, variables, viewer);
      for await (const { data } of stream) if (data != null) into.push(data.quoteStream);
      return into;
    };
    const items: StreamItem[] = [];
    const read = collect(undefined, items);
    await until(
      () => items.length,
      (count) => count > 0,
    );
    market('63991', '64011');
    await until(
      () => items.filter(({ type }) => type === 'QUOTED').length,
      (count) => count > 0,
    );
    await client.accept(client.acceptOf(quoted));
    await read;
    const events = items.filter(({ __typename }) => __typename === 'RfqEvent');
    const types = events.map(({ type }) => type).filter((type) => type !== 'QUOTED');
    expect(types).toEqual(['ACCEPT_PENDING', 'FILLED', 'SETTLEMENT_CHANGED', 'SETTLEMENT_CHANGED']);
    expect(events.at(-1)).toMatchObject({ settlement: { status: 'SETTLED' } });
    const shown = items.flatMap(({ firmQuotes, quote }) => [...(firmQuotes ?? []), quote ?? []]);
    expect(new Set(shown.flat().map(({ basis }) => basis.midPrice))).toEqual(
      new Set(['64000.00', '64001.00']),
    );
    const first = Number(items[0]?.sequence);
    expect(events.map(({ sequence }) => Number(sequence))).toEqual(
      events.map((_, index) => first + index + 1),
    );
    // After any cursor the rest is sent again; after the last one it completes at once.
    const rest = await collect(events.at(-2)?.cursor);
    expect(rest.map(({ __typename }) => __typename)).toEqual(['StreamResumed', 'RfqEvent']);
    expect(rest.at(-1)).toEqual(events.at(-1));
    const none = await collect(events.at(-1)?.cursor);
    expect(none.map(({ __typename }) => __typename)).toEqual(['StreamResumed']);
  });

  it('trade once, however many accept at once, and answer the same accept the same', async () => {
    const client = await aQuotedClient({ USDT: '10000000' });
    const quoted = await client.quoted();
    const accepts = Array.from({ length: 50 }, () => client.acceptOf(quoted));
    const answers = await Promise.all(accepts.map((accept) => client.accept(accept)));
    const filled = answers.filter(({ __typename }) => __typename === 'QuoteFilled');
    expect(filled).toHaveLength(1);
    expect(answers.filter(({ refusal }) => refusal?.reason === 'QUOTE_ALREADY_USED')).toHaveLength(
      49,
    );
    const winner = accepts[answers.findIndex(({ __typename }) => __typename === 'QuoteFilled')];
    const again = await client.accept(winner ?? {});
    expect(again).toMatchObject({ __typename: 'QuoteFilled', replayed: true });
    const { clientOrderId } = winner ?? { clientOrderId: '' };
    const other = await client.quoted();
    expect(await client.accept({ ...client.acceptOf(other), clientOrderId })).toMatchObject({
      __typename: 'ClientOrderIdConflict',
    });
    const placed = { ...client.trader.limit('BUY', '0.5', '64029.62'), clientOrderId };
    expect((await client.trader.place(placed)).__typename).toBe('ClientOrderIdConflict');
  });

  it('are refused with one reason for each thing that differs, and nothing is done', async () => {
    const client = await aQuotedClient({ USDT: '100000', BTC: '1' });
    const quoted = await client.quoted({ side: 'BUY' });
    const good = client.acceptOf(quoted);
    const reasonOf = async (more: object) =>
      (await client.accept({ ...good, ...more })).refusal?.reason;
    expect(await reasonOf({ quoteId: 'another' })).toBe('QUOTE_NOT_FOUND');
    expect(await reasonOf({ symbol: 'ETH-USDT' })).toBe('INSTRUMENT_MISMATCH');
    expect(await reasonOf({ side: 'SELL' })).toBe('SIDE_MISMATCH');
    expect(await reasonOf({ price: '64029.63' })).toBe('PRICE_MISMATCH');
    expect(await reasonOf({ price: '0' })).toBe('PRICE_MISMATCH');
    expect(await reasonOf({ quantity: '0.50001' })).toBe('QUANTITY_MISMATCH');
    expect(await reasonOf({ maxSlippageBps: 21 })).toBe('INVALID_SLIPPAGE');
    expect(await reasonOf({ clientOrderId: 'a b' })).toBe('INVALID_CLIENT_ORDER_ID');
    const stranger = await aClient({ USDT: '100000' });
    expect(await stranger.accept(good)).toEqual({ __typename: 'RfqNotFound' });
    expect(await client.trader.balances()).toEqual({ BTC: '1/0/1', USDT: '100000/0/100000' });
    expect((await client.cancel(quoted.rfq.id)).rfq.status).toBe('CANCELED');
    expect(await client.cancel(quoted.rfq.id)).toMatchObject({ replayed: true });
    expect(await reasonOf({})).toBe('QUOTE_WITHDRAWN');
  });

  it('refuse what may not be asked for', async () => {
    const client = await aClient({ USDT: '100000' });
    const reasonOf = async (more: object) => (await client.request(more)).refusal?.reason;
    expect(await reasonOf({ clientRfqId: 'x'.repeat(37) })).toBe('INVALID_CLIENT_RFQ_ID');
    expect(await reasonOf({ symbol: 'NO-SUCH' })).toBe('INSTRUMENT_NOT_FOUND');
    expect(await reasonOf({ size: { quantity: '0.000015' } })).toBe('QUANTITY_OFF_STEP');
    expect(await reasonOf({ size: { quantity: '0.00001' } })).toBe('NOTIONAL_BELOW_MINIMUM');
    expect(await reasonOf({ size: { quantity: '0' } })).toBe('QUANTITY_BELOW_MINIMUM');
    expect(await reasonOf({ size: { quantity: '99999999' } })).toBe('QUANTITY_EXCEEDS_MAXIMUM');
    expect((await client.request({ clientRfqId: 'same' })).__typename).toBe('QuoteRequested');
    expect(await client.request({ clientRfqId: 'same' })).toMatchObject({ replayed: true });
    expect(await client.request({ clientRfqId: 'same', side: 'BUY' })).toMatchObject({
      __typename: 'ClientRfqIdConflict',
      differingFields: ['side'],
    });
    const foreign = await aClient({});
    const account = { accountId: client.trader.accountId };
    expect((await foreign.request(account)).__typename).toBe('AccountNotFound');
  });

  it('pass a market that moved for the client on, and refuse one that moved against the desk', async () => {
    const client = await aQuotedClient({ USDT: '1000000' });
    const [better, worse, slipping] = [
      await client.quoted(),
      await client.quoted(),
      await client.quoted(),
    ];
    // 10 bps down: twice the tolerance, and so all of it is the client's.
    market('63926', '63946');
    const improved = await until(
      () => client.accept(client.acceptOf(better)),
      ({ __typename }) => __typename === 'QuoteFilled',
    );
    expect(improved.rfq).toMatchObject({ fillPrice: '63965.60', lastLook: { moveBps: '-10' } });
    market('64054', '64074');
    const { rfq, ...rejected } = await client.accept(client.acceptOf(worse));
    expect(rejected).toMatchObject({
      __typename: 'QuoteRejected',
      reason: 'LAST_LOOK_PRICE_MOVED',
    });
    expect(rfq).toMatchObject({ status: 'REJECTED', lastLook: { moveBps: '10' } });
    const slipped = { ...client.acceptOf(slipping), maxSlippageBps: 11 };
    // 64,093.65 by the market alone; 0.128 bps more, because the improved one has been taken since the quote.
    const { fillPrice, lastLook } = (await client.accept(slipped)).rfq;
    expect([fillPrice, lastLook?.moveBps]).toEqual(['64094.47', '10']);
    expect(Number(lastLook?.takenBps)).toBeCloseTo(0.128, 2);
    // The rejected one's money is back.
    await until(
      () => client.trader.balances(),
      ({ USDT }) => USDT?.split('/')[1] === '0',
    );
  });

  it('are rejected where the funds are not there, and the request is over', async () => {
    const client = await aQuotedClient({ USDT: '100' });
    const quoted = await client.quoted();
    const accept = client.acceptOf(quoted);
    const rejected = {
      __typename: 'QuoteRejected',
      reason: 'NOTIONAL_EXCEEDS_FREE_BALANCE',
      rfq: { status: 'REJECTED' },
      order: { status: 'DENIED' },
    };
    expect(await client.accept(accept)).toMatchObject({ ...rejected, replayed: false });
    expect(await client.accept(accept)).toMatchObject({ ...rejected, replayed: true });
  });

  it('are withdrawn, and none comes, while the market is not to be traded on', async () => {
    const client = await aQuotedClient({ USDT: '100000' });
    const quoted = await client.quoted();
    desk.quote({ bids: [['63990', '5']], asks: [['64010', '5']], suspended: true });
    await until(
      () => client.read(quoted.rfq.id),
      ({ status }) => status === 'OPEN',
    );
    expect((await client.accept(client.acceptOf(quoted))).refusal?.reason).toBe('QUOTE_WITHDRAWN');
    expect((await client.request()).rfq).toMatchObject({ status: 'OPEN', quotes: [] });
    market('63990', '64010');
    await until(
      () => client.read(quoted.rfq.id),
      ({ status }) => status === 'QUOTED',
    );
  });

  it('outlive the process: what was quoted is accepted, and what was answered is answered again', async () => {
    const client = await aQuotedClient({ USDT: '1000000' });
    const [accepted, open] = [await client.quoted(), await client.quoted()];
    const accept = client.acceptOf(accepted);
    await client.accept(accept);
    await desk.order.stop();
    await desk.order.start();
    market('63990', '64010');
    expect(await client.accept(accept)).toMatchObject({
      __typename: 'QuoteFilled',
      replayed: true,
    });
    const filled = await until(
      () => client.accept(client.acceptOf(open)),
      ({ __typename }) => __typename === 'QuoteFilled',
    );
    expect(filled.rfq.fillPrice).toBe('64029.62');
    await until(
      () => client.read(accepted.rfq.id),
      ({ settlement }) => settlement?.status === 'SETTLED',
    );
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { SERVED_ELSEWHERE } from '#shared/subgraph/served-elsewhere.ts';
import { RFQ_SETTINGS } from './domain/rfq/rfq-settings.ts';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import { LevelClient, type LevelView } from './test-level-client.ts';
import type { RfqAnswer } from './test-rfq-client.ts';
import { TestTrader } from './test-trader.ts';

const MAX_STREAMS = 3;

describe('streamed levels', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    const pricing = { ...RFQ_SETTINGS.pricing, volatilityPercent: 0 };
    const lives = { quoteLifeMs: 25_000, rfqLifeMs: 25_000, requoteMs: 20, refreshMs: 100 };
    const rfq = { ...RFQ_SETTINGS, ...lives, pricing, maxLevelStreams: MAX_STREAMS };
    desk = await startTestDesk({ rfq });
  });
  afterAll(() => desk.stop());
  const market = (bid: string, ask: string) => {
    const receivedAtMs = Date.now() + 60_000;
    desk.quote({ bids: [[bid, '50']], asks: [[ask, '50']], receivedAtMs });
  };
  beforeEach(() => {
    market('63990', '64010');
  });
  const aFollower = async (balances: Readonly<Record<string, string>>, asked: object = {}) =>
    new LevelClient(desk, await desk.aTrader(balances), asked);
  const shown = (client: LevelClient, isMeant = (level: LevelView) => level.askPrice !== null) =>
    until(
      () => client.level(),
      (level) => level !== undefined && isMeant(level),
    ) as Promise<LevelView>;
  const reasonOf = ({ refusal }: RfqAnswer) => refusal?.reason;

  it('are priced like a request, taken by the same accept, filled, and settled', async () => {
    const client = await aFollower({ USDT: '100000' });
    const level = await shown(client, ({ askPrice }) => askPrice === '64029.62');
    expect(level).toMatchObject({
      ...{ quantity: '0.50000', bidPrice: '63970.39', askPrice: '64029.62', refusal: null },
      basis: { tier: 'BASE' },
    });
    const accept = client.acceptOf(level);
    const answer = await client.rfqs.accept(accept);
    expect(answer).toMatchObject({
      ...{ __typename: 'QuoteFilled', replayed: false },
      rfq: { status: 'FILLED', fillPrice: '64029.62', quotes: [{ id: level.quoteId }] },
      order: { status: 'FILLED', fees: '0.00000000' },
    });
    expect(await client.rfqs.accept(accept)).toMatchObject({
      ...{ __typename: 'QuoteFilled', replayed: true, rfq: { id: answer.rfq.id } },
    });
    const settled = await until(
      () => client.rfqs.read(answer.rfq.id),
      ({ settlement }) => settlement?.status === 'SETTLED',
    );
    expect(settled.settlement?.notional).toBe('32014.81000000');
    const [first] = client.frames;
    expect(first).toMatchObject({ sequence: '1', previousSequence: '0', conflated: 0 });
    for (const { sequence, previousSequence, conflated } of client.frames)
      expect(Number(sequence) - Number(previousSequence)).toBe(conflated + 1);
    const { data } = await client.trader.query<{ rfq: object }>(
      'query ($id: ID!) { rfq(id: $id) { origin quantity side expiresAt } }',
      { id: answer.rfq.id },
    );
    expect(data.rfq).toMatchObject({ origin: 'LEVEL', quantity: '0.50000', side: null });
    const statistics = await client.trader.query<{ _entities: readonly object[] }>(
      `query ($id: ID!) { _entities(representations: [{ __typename: "Account", id: $id }]) {
        ... on Account { rfqStatistics { requests accepted acceptedLevels filled acceptanceRate } }
      } }`,
      { id: client.trader.accountId },
    );
    expect(statistics.data._entities).toMatchObject([
      {
        rfqStatistics: {
          ...{ requests: 0, accepted: 0, acceptedLevels: 1, filled: 1, acceptanceRate: null },
        },
      },
    ]);
  });

  it('trade once under one id, however many accept at once; then the price has a new id', async () => {
    const client = await aFollower({ USDT: '10000000' });
    const level = await shown(client, ({ askPrice }) => askPrice === '64029.62');
    const accepts = Array.from({ length: 50 }, () => client.acceptOf(level));
    const answers = await Promise.all(accepts.map((accept) => client.rfqs.accept(accept)));
    expect(answers.filter(({ __typename }) => __typename === 'QuoteFilled')).toHaveLength(1);
    expect(answers.map(reasonOf).filter((reason) => reason === 'QUOTE_ALREADY_USED')).toHaveLength(
      49,
    );
    const isNext = ({ quoteId }: LevelView) => quoteId !== null && quoteId !== level.quoteId;
    const next = await shown(client, isNext);
    expect(next.askPrice).toBe(level.askPrice);
    const winner = accepts[answers.findIndex(({ __typename }) => __typename === 'QuoteFilled')];
    const { clientOrderId } = winner ?? { clientOrderId: '' };
    expect(await client.rfqs.accept({ ...client.acceptOf(next), clientOrderId })).toMatchObject({
      __typename: 'ClientOrderIdConflict',
    });
    expect(await client.rfqs.accept(client.acceptOf(next))).toMatchObject({
      __typename: 'QuoteFilled',
    });
  });

  it('end when the market moves, and when the desk does not quote', async () => {
    const client = await aFollower({ USDT: '100000', BTC: '1' });
    const level = await shown(client, ({ askPrice }) => askPrice === '64029.62');
    market('63991', '64011');
    const moved = await shown(client, ({ quoteId }) => quoteId !== level.quoteId);
    expect(reasonOf(await client.rfqs.accept(client.acceptOf(level)))).toBe(
      'LEVEL_NO_LONGER_VALID',
    );
    desk.quote({ bids: [['63991', '5']], asks: [['64011', '5']], suspended: true });
    await shown(client, ({ refusal }) => refusal?.reason === 'NOT_QUOTING');
    expect(reasonOf(await client.rfqs.accept(client.acceptOf(moved)))).toBe(
      'LEVEL_NO_LONGER_VALID',
    );
    expect(await client.trader.balances()).toEqual({ BTC: '1/0/1', USDT: '100000/0/100000' });
  });

  it('are refused with one reason for each term that differs, and to every other account', async () => {
    const [client, stranger] = [
      await aFollower({ USDT: '100000', BTC: '1' }),
      await aFollower({ USDT: '100000' }),
    ];
    const level = await shown(client, ({ askPrice }) => askPrice === '64029.62');
    const own = await shown(stranger, ({ askPrice }) => askPrice === '64029.62');
    expect(own.quoteId).not.toBe(level.quoteId);
    const good = client.acceptOf(level);
    const reason = async (more: object) => reasonOf(await client.rfqs.accept({ ...good, ...more }));
    expect(await reason({ quoteId: 'another' })).toBe('LEVEL_NO_LONGER_VALID');
    expect(await reason({ quoteId: own.quoteId })).toBe('LEVEL_NO_LONGER_VALID');
    expect(await reason({ quoteId: `${level.quoteId}1` })).toBe('LEVEL_NO_LONGER_VALID');
    expect(await reason({ symbol: 'ETH-USDT' })).toBe('INSTRUMENT_MISMATCH');
    expect(await reason({ price: '64029.63' })).toBe('PRICE_MISMATCH');
    expect(await reason({ quantity: '0.50001' })).toBe('QUANTITY_MISMATCH');
    expect(await reason({ comparisonToken: 'made-up' })).toBe('COMPARISON_TOKEN_INVALID');
    expect(await stranger.rfqs.accept(good)).toMatchObject({
      ...{ __typename: 'QuoteRefused', refusal: { reason: 'LEVEL_NO_LONGER_VALID' } },
    });
    expect(await client.rfqs.accept(good)).toMatchObject({ __typename: 'QuoteFilled' });
  });

  it('are made from the books of all venues if there are several, and record which', async () => {
    const symbol = 'ETH-USDT' as InstrumentSymbol;
    const receivedAtMs = Date.now() + 60_000;
    desk.bus.publish('market.depth', {
      ...{ symbol, sequence: '7', suspended: false, status: 'TRADING', receivedAtMs },
      ...{ bids: [['2999', '1']], asks: [['3001', '1']] },
    });
    desk.bus.publish('market.consolidated', {
      ...{ symbol, asOfMs: receivedAtMs },
      ...{ bids: [['2998', '20']], asks: [['3002', '20']] },
      books: [
        { venue: 'first', sequence: '4' },
        { venue: 'second', sequence: '5' },
      ],
    });
    const client = await aFollower({ USDT: '100000' }, { symbol, quantities: ['10'] });
    const level = await shown(client);
    // 3 bps, and 2 bps a million on 30,000: 3.06 bps beyond the walked price of the books.
    expect(level).toMatchObject({ bidPrice: '2997.08', askPrice: '3002.92' });
    const { rfq } = await client.rfqs.accept({ ...client.acceptOf(level), symbol });
    const { data } = await client.trader.query<{ rfq: { quotes: readonly object[] } }>(
      `query ($id: ID!) { rfq(id: $id) { quotes { basis {
        bookSequence midPrice walkedAskPrice books { venue sequence }
      } } } }`,
      { id: rfq.id },
    );
    expect(data.rfq.quotes).toMatchObject([
      {
        basis: {
          ...{ bookSequence: '7', midPrice: '3000.00', walkedAskPrice: '3002.00' },
          books: [
            { venue: 'first', sequence: '4' },
            { venue: 'second', sequence: '5' },
          ],
        },
      },
    ]);
  });

  it('say for each quantity why it is not quoted', async () => {
    const quantities = ['0.5', '0.000015', '99999999', '60'];
    const client = await aFollower({ USDT: '100000' }, { quantities });
    await shown(client, ({ askPrice }) => askPrice === '64029.62');
    expect(client.frames.at(-1)?.levels.map(({ refusal }) => refusal?.reason ?? null)).toEqual([
      ...[null, 'QUANTITY_OFF_STEP', 'QUANTITY_EXCEEDS_MAXIMUM', 'NOT_QUOTING'],
    ]);
  });

  it('are streamed to anyone with the permission, over a limited number of streams at a time', async () => {
    const trader = await desk.aTrader({ USDT: '1' });
    const failureOf = async (client: LevelClient) => {
      await until(
        () => client.isOver || client.failure !== null,
        (isOver) => isOver,
      );
      return JSON.stringify(client.failure);
    };
    const reader = new TestTrader(desk, trader.accountId, ['trade:read', 'rfq:write']);
    expect(await failureOf(new LevelClient(desk, reader))).toContain('FORBIDDEN');
    const { accountId } = await desk.aTrader();
    expect(await failureOf(new LevelClient(desk, trader, { accountId }))).toContain('NOT_FOUND');
    for (const wrong of [{ symbol: 'NO-SUCH' }, { quantities: [] }, { quantities: ['1', '1.0'] }])
      expect(await failureOf(new LevelClient(desk, trader, wrong))).toContain('BAD_USER_INPUT');
    const streams = Array.from({ length: MAX_STREAMS }, () => new LevelClient(desk, trader));
    for (const stream of streams) await shown(stream);
    const refused = await failureOf(new LevelClient(desk, trader));
    expect(refused).toContain('TOO_MANY_LEVEL_STREAMS');
    expect(refused).toContain('"outcome":"NOT_APPLIED","retryable":true');
    await streams[0]?.close();
    const again = await until(
      async () => {
        const client = new LevelClient(desk, trader);
        await until(
          () => client.frames.length > 0 || client.failure !== null,
          (hasCome) => hasCome,
        );
        return client;
      },
      ({ failure }) => failure === null,
    );
    await shown(again);
  });

  it('end when another process owns the books, and can be opened again when this one owns them', async () => {
    const client = await aFollower({});
    await shown(client);
    const { sql } = desk.databases.order;
    await sql(
      "UPDATE owner_leases SET token = token + 1, owner = 'another', expires_at = now() + interval '2 s'",
    );
    const elsewhere = [{ extensions: { code: 'UNAVAILABLE', reason: SERVED_ELSEWHERE } }];
    await until(
      () => client.isOver,
      (isOver) => isOver,
    );
    expect(client.failure).toMatchObject(elsewhere);
    await sql("UPDATE owner_leases SET expires_at = now() + interval '2 s'");
    const refused = new LevelClient(desk, client.trader);
    await until(
      () => refused.isOver,
      (isOver) => isOver,
    );
    expect(refused.failure).toMatchObject(elsewhere);
    await sql("UPDATE owner_leases SET expires_at = now() - interval '1 s'");
    const again = await until(
      async () => {
        const follower = new LevelClient(desk, client.trader);
        await until(
          () => follower.isOver || follower.frames.length > 0,
          (hasBegun) => hasBegun,
        );
        return follower;
      },
      ({ isOver }) => !isOver,
    );
    await again.close();
  });

  it('end with the process, but what was taken does not', async () => {
    const client = await aFollower({ USDT: '1000000' });
    const level = await shown(client, ({ askPrice }) => askPrice === '64029.62');
    const accept = client.acceptOf(level);
    await client.rfqs.accept(accept);
    const isNext = ({ quoteId }: LevelView) => quoteId !== null && quoteId !== level.quoteId;
    const next = await shown(client, isNext);
    await desk.order.stop();
    await desk.order.start();
    market('63990', '64010');
    expect(reasonOf(await client.rfqs.accept(client.acceptOf(next)))).toBe('LEVEL_NO_LONGER_VALID');
    expect(await client.rfqs.accept(accept)).toMatchObject({
      ...{ __typename: 'QuoteFilled', replayed: true },
    });
  });
});

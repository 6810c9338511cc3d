import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { openTcpProxy, type TcpProxy } from '#shared/events/test-tcp-proxy.ts';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { SocketClient } from '../fixtures/socket-client.ts';
import { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { type AllowanceStore, MemoryAllowances } from './allowance-store.ts';
import type { QuotaOptions } from './operation-charge.ts';
import { RedisAllowances } from './redis-allowances.ts';

const redisUrl = inject('redisUrl');
const PAGE = '{ instruments(first: 20) { edges { node { symbol } } } }';
const PLACE =
  'mutation { placeOrder(input: { accountId: "a", clientOrderId: "c", symbol: "A", side: BUY, terms: { market: { quantity: "1" } } }) { __typename } }';
const CANCEL =
  'mutation { cancelOrder(input: { accountId: "a", order: { id: "1" } }) { __typename } }';
const QUOTES = 'subscription { quoteChanged(symbols: ["A"]) { ... on QuoteUpdate { sequence } } }';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function aDesk(quota: QuotaOptions, metrics = new GatewayMetrics()): Promise<DeskFixture> {
  const desk = await startDeskFixture({ quota, metrics });
  ends.push(() => desk.stop());
  const scopes = ['market:read', 'account:read', 'trade:read', 'trade:write'];
  for (const userId of ['anna', 'bert'])
    desk.world.addTrader(`key-${userId}`, { userId, accounts: ['a'], scopes });
  return desk;
}

async function aProxy(): Promise<TcpProxy> {
  const proxy = await openTcpProxy(Number(new URL(redisUrl ?? '').port));
  ends.push(() => proxy.close());
  return proxy;
}

const as = (userId: string) => ({ 'x-api-key': `key-${userId}` });
const fetchAs = (desk: DeskFixture, userId: string, query: string) =>
  fetch(`${desk.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...as(userId) },
    body: JSON.stringify({ query }),
  });
/** The next message of a socket, its id left out. */
async function answered(client: SocketClient, query: string, id: string = randomUUID()) {
  client.subscribe(id, query);
  const { type, payload } = await client.next();
  if (type === 'next') await client.next();
  return { type, payload: payload as unknown };
}

describe('a quota', () => {
  it('is told with every answer, and the same over HTTP and over a socket', async () => {
    const desk = await aDesk({ costPerMinute: 1000 });
    const response = await fetchAs(desk, 'anna', PAGE);
    const { extensions } = (await response.json()) as { extensions: unknown };
    const quota = { cost: 41, limit: 1000, used: 41, remaining: 959, resetAt: expect.any(String) };
    expect(extensions).toEqual({ quota });
    expect(response.headers.get('ratelimit-policy')).toBe('"cost";q=1000;w=60');
    expect(response.headers.get('ratelimit')).toBe('"cost";r=959;t=3');
    const client = await SocketClient.connect(desk.origin, { apiKey: 'key-anna' });
    const { payload } = await answered(client, '{ serverTime }');
    expect(payload).toMatchObject({ extensions: { quota: { cost: 1, limit: 1000 } } });
    await client.close();
  });

  it('refuses what is past it on every transport, for one user and not for others', async () => {
    const metrics = new GatewayMetrics();
    // What comes back until the last question is far less than the cheapest of them costs.
    const desk = await aDesk({ costPerMinute: 45 }, metrics);
    expect((await fetchAs(desk, 'anna', PAGE)).status).toBe(200);
    const refused = await fetchAs(desk, 'anna', PAGE);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30);
    const body = (await refused.json()) as { extensions: object; errors: object[] };
    const error = {
      message: expect.stringMatching(/^Your quota is exhausted for now: wait \d+ ms\.$/) as string,
      extensions: {
        code: 'RATE_LIMITED',
        outcome: 'NOT_APPLIED',
        retryable: true,
        quota: { cost: 41, limit: 45 },
      },
    };
    expect(body).toMatchObject({ errors: [error], extensions: { quota: { cost: 41 } } });

    const client = await SocketClient.connect(desk.origin, { apiKey: 'key-anna' });
    expect(await answered(client, PAGE)).toMatchObject({ type: 'error', payload: [error] });
    const { type, payload } = await answered(client, QUOTES);
    expect(type).toBe('error');
    expect(payload).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    await client.close();
    expect((await fetchAs(desk, 'bert', PAGE)).status).toBe(200);
    expect((await desk.post({ query: PAGE })).status).toBe(200);
    expect((await desk.post({ query: PAGE })).status).toBe(429);
    expect(await metrics.text()).toContain(
      'deskgraph_operations_refused_total{reason="exhausted"} 4',
    );
  });

  it('can be asked for, as it was when that was charged', async () => {
    const desk = await aDesk({ costPerMinute: 1000 });
    const query = '{ viewer { quotas { kind limit used remaining windowSeconds resetAt } } }';
    const counted = {
      limit: 1000,
      used: 11,
      remaining: 989,
      resetAt: expect.any(String) as string,
    };
    const { json } = await desk.post({ query }, as('anna'));
    expect(json).toMatchObject({
      data: { viewer: { quotas: [{ kind: 'COST', windowSeconds: 60, ...counted }] } },
      extensions: { quota: { cost: 11, ...counted } },
    });
    const client = await SocketClient.connect(desk.origin, { apiKey: 'key-bert' });
    expect(await answered(client, query)).toMatchObject({
      payload: { data: { viewer: { quotas: [{ used: 11 }] } } },
    });
    await client.close();
  });

  it('is reported before it is used, and nothing is run', async () => {
    const desk = await aDesk({ costPerMinute: 1000 });
    const costOnly = { ...as('anna'), 'x-cost-only': 'true' };
    const first = await desk.post({ query: PAGE }, costOnly);
    expect([first.status, first.json]).toMatchObject([
      ...[200, { data: null, extensions: { quota: { cost: 41, used: 1 } } }],
    ]);
    for (const query of [PAGE, PLACE, '{ serverTime }']) {
      const [told, charged] = [
        await desk.post({ query }, costOnly),
        await desk.post({ query }, as('anna')),
      ].map(({ json }) => (json as { extensions: { quota: { cost: number } } }).extensions.quota);
      expect(told?.cost).toBe(charged?.cost);
    }
    expect(desk.world.calls.filter((call) => call.startsWith('placeOrder'))).toHaveLength(1);
    for (const accept of ['text/event-stream', 'application/json, text/event-stream'])
      for (const query of [PLACE, QUOTES]) {
        const response = await fetch(`${desk.origin}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...costOnly, accept },
          body: JSON.stringify({ query }),
        });
        expect(await response.text()).toMatch(/"data":null,"extensions":\{"quota":\{"cost":\d/);
      }
    expect(desk.world.calls.filter((call) => call.startsWith('placeOrder'))).toHaveLength(1);
    expect(desk.world.quotesOf('A').opened).toBe(0);
    const unlimited = await startDeskFixture();
    ends.push(() => unlimited.stop());
    expect((await unlimited.post({ query: PAGE }, { 'x-cost-only': 'true' })).json).toEqual({
      data: null,
      extensions: { quota: { cost: 41 } },
    });
  });

  it('lets cancels through when it is used up', async () => {
    const desk = await aDesk({ costPerMinute: 45 });
    await fetchAs(desk, 'anna', PAGE);
    expect((await desk.post({ query: PLACE }, as('anna'))).status).toBe(429);
    for (let count = 0; count < 5; count += 1)
      expect((await desk.post({ query: CANCEL }, as('anna'))).status).toBe(200);
    expect(desk.world.calls.filter((call) => call === 'cancelOrder trader:anna')).toHaveLength(5);
    expect(desk.world.calls).not.toContain('placeOrder trader:anna');
  });

  it('lets no page of something else through in the answer of a cancel', async () => {
    const desk = await aDesk({ costPerMinute: 1000 });
    const greedy = CANCEL.replace('mutation', 'mutation ($count: Int = 250)').replace(
      '{ __typename }',
      `{ ... on OrderCanceled { order { account {
        orders(first: $count) { edges { node { id } } }
      } } } }`,
    );
    const statuses = [];
    for (let count = 0; count < 4; count += 1)
      statuses.push((await fetchAs(desk, 'anna', greedy)).status);
    expect(statuses).toEqual([200, 429, 429, 429]);
    expect((await fetchAs(desk, 'anna', CANCEL)).status).toBe(200);
  });

  it('is not asked about what no allowance could hold, which is refused before it is planned', async () => {
    const desk = await aDesk({ costPerMinute: 1000 });
    const query = 'query ($n: Int) { instruments(first: $n) { edges { node { symbol } } } }';
    for (const n of [1_000_000, 2_147_483_647]) {
      const { status, json } = await desk.post({ query, variables: { n } }, as('anna'));
      expect(status).toBe(400);
      expect(json.errors?.[0]?.message).toContain('The query is too costly');
    }
    expect((await desk.post({ query: '{ serverTime }' }, as('anna'))).json).toMatchObject({
      extensions: { quota: { used: 1 } },
    });
  });
});

describe.skipIf(redisUrl === null)('a quota in Redis', () => {
  const redis = (port = new URL(redisUrl ?? '').port, prefix: string = randomUUID()) => ({
    url: `redis://127.0.0.1:${port}`,
    prefix,
  });

  it('is one for all gateways', async () => {
    const quota = { costPerMinute: 50, redis: redis() };
    const [one, other] = [await aDesk(quota), await aDesk(quota)];
    // A command is let through once its gateway counts in Redis.
    for (const desk of [one, other])
      await expect
        .poll(async () => (await desk.post({ query: PLACE }, as('bert'))).status)
        .toBe(200);
    expect((await fetchAs(one, 'anna', PAGE)).status).toBe(200);
    expect((await fetchAs(other, 'anna', PAGE)).status).toBe(429);
  });

  it.each(['cut', 'hold'] as const)(
    'is counted here for reads, and closed for commands, soon after the connection was lost: %s',
    async (loss) => {
      const proxy = await aProxy();
      const desk = await aDesk({ costPerMinute: 100, redis: redis(String(proxy.port)) });
      const statusOf = async (query: string) => (await desk.post({ query }, as('anna'))).status;
      await expect.poll(() => statusOf(PLACE)).toBe(200);
      proxy[loss]();
      // Had it waited for Redis until its own time was up, there would be an error in the place of the time.
      expect(await desk.post({ query: '{ serverTime }' }, as('anna'))).toMatchObject({
        ...{ status: 200, json: { data: { serverTime: expect.any(String) as string } } },
      });
      expect(await statusOf(CANCEL)).toBe(200);
      const { status, json } = await desk.post({ query: PLACE }, as('anna'));
      expect(status).toBe(503);
      expect(json.errors?.[0]?.extensions).toMatchObject({
        code: 'UNAVAILABLE',
        outcome: 'NOT_APPLIED',
        retryable: true,
        retryAfterMs: 1000,
      });
      await expect.poll(() => statusOf(PAGE), { interval: 0 }).toBe(429);
      // A connection on which nothing is heard is given up as one that was cut.
      proxy.mend();
      await expect.poll(() => statusOf(PLACE)).toBe(200);
    },
  );

  it('is not taken for away by a gateway that was busy itself until long after the answer', async () => {
    const allowance = { limit: 100, windowMs: 60_000 };
    const store = new RedisAllowances({ ...redis(), allowance, onError: () => {} });
    ends.push(() => store.close());
    await store.begin();
    await store.take('anna', 1, false);
    const taken = store.take('anna', 1, false);
    for (const untilMs = performance.now() + 500; performance.now() < untilMs;);
    expect(await taken).toMatchObject({ isAdmitted: true });
  });

  it('is calculated as it is in memory', async () => {
    const allowance = { limit: 100, windowMs: 60_000_000 }; // nothing to speak of comes back meanwhile
    const options = { ...redis(), allowance, onError: () => {} };
    const stores: AllowanceStore[] = [
      new MemoryAllowances(allowance, systemClock),
      new RedisAllowances(options),
    ];
    ends.push(async () => {
      for (const store of stores) await store.close();
    });
    for (const store of stores) await store.begin();
    const outcomes = await Promise.all(
      stores.map(async (store) => {
        const taken: [boolean, number][] = [];
        for (const [cost, isForced] of [
          [60, 0],
          [50, 0],
          [40, 0],
          [1, 0],
          [500, 1],
          [1, 0],
        ] as const) {
          const level = await store.take('anna', cost, isForced === 1);
          taken.push([level.isAdmitted, Math.round((level.emptyAtUs - level.nowUs) / 600_000_000)]);
        }
        return taken;
      }),
    );
    expect(outcomes[0]).toEqual(outcomes[1]);
    expect(outcomes[0]).toEqual([
      [true, 60],
      [false, 60],
      [true, 100],
      [false, 100],
      [true, 100],
      [false, 100],
    ]);
  });
});

import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveMetrics } from '#shared/http/serve-metrics.ts';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { SocketClient } from '../fixtures/socket-client.ts';
import { GatewayMetrics } from './gateway-metrics.ts';

const ORDERS = '{ serverTime orders(accountId: "a") { edges { node { id } } } }';
const metrics = new GatewayMetrics();
let desk: DeskFixture;
beforeAll(async () => {
  desk = await startDeskFixture({ metrics });
  const scopes = ['market:read', 'trade:read'];
  desk.world.addTrader('key-anna', { userId: 'anna', accounts: ['a'], scopes });
});
afterAll(() => desk.stop());

/** The value of one line of Prometheus' text format. */
async function valueOf(line: string, from = metrics): Promise<number | undefined> {
  const text = await from.text();
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length));
}
const requests = (operation: string, transport: string, outcome: string) =>
  valueOf(
    `deskgraph_request_duration_seconds_count{operation="${operation}",transport="${transport}",outcome="${outcome}"}`,
  );

describe('the metrics of a gateway', () => {
  it('file every request by its kind, way and outcome, and every call to a subgraph', async () => {
    await desk.post({ query: '{ serverTime }' });
    await desk.post({ query: '{ serverTime }' });
    await desk.post({ query: '{ nothing }' });
    await desk.post({ query: '{ serverTime' });
    const restart = await desk.stopSubgraph('order');
    await desk.post({ query: ORDERS }, { 'x-api-key': 'key-anna' });
    await restart();
    const client = await SocketClient.connect(desk.origin);
    client.subscribe('1', '{ serverTime }');
    expect(await client.next()).toMatchObject({ type: 'next' });
    await client.close();
    // What has been answered is filed behind its answer.
    await expect.poll(() => valueOf('deskgraph_operations_in_flight')).toBe(0);
    expect(await requests('query', 'http', 'ok')).toBe(2);
    expect(await requests('query', 'stream', 'ok')).toBe(1);
    expect(await requests('query', 'http', 'failed')).toBe(1);
    expect(await requests('unknown', 'http', 'failed')).toBe(2);
    const fetches = (labels: string) =>
      valueOf(`deskgraph_fetch_duration_seconds_count{${labels}}`);
    expect(await fetches('subgraph="order",outcome="failed"')).toBe(1);
  });

  it('tell kept plans from new ones, and queries that joined the run of an equal one', async () => {
    const lookups = async () => [
      await valueOf('deskgraph_plan_lookups_total{result="miss"}'),
      await valueOf('deskgraph_plan_lookups_total{result="hit"}'),
      await valueOf('deskgraph_plan_duration_seconds_count'),
      await valueOf('deskgraph_queries_shared_total'),
    ];
    const before = await lookups();
    const query = { query: 'query Together { serverTime }' };
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    desk.world.delay = () => held;
    const answers = [desk.post(query), desk.post(query), desk.post(query)];
    await expect.poll(() => valueOf('deskgraph_operations_in_flight')).toBe(3);
    release();
    await Promise.all(answers);
    desk.world.delay = () => Promise.resolve();
    await desk.post(query);
    const after = await lookups();
    expect(after.map((value, index) => Number(value) - Number(before[index]))).toEqual([
      1, 3, 1, 2,
    ]);
  });

  it('count what is live, and forget it when it ends', async () => {
    const live = (what: string) => valueOf(`deskgraph_live{what="${what}"}`);
    const client = await SocketClient.connect(desk.origin);
    client.subscribe(
      '1',
      'subscription { quoteChanged(symbols: ["BTC-USDT"]) { ... on QuoteUpdate { sequence } } }',
    );
    const all = () => Promise.all(['subscriptions', 'sockets', 'source-streams'].map(live));
    await expect.poll(all).toEqual([1, 1, 1]);
    await client.close();
    await expect.poll(() => live('sockets')).toBe(0);
    await expect.poll(() => live('subscriptions')).toBe(0);
  });

  it('have every figure that a gateway is judged by', async () => {
    const whole = new GatewayMetrics();
    whole.includeProcess();
    whole.watchLive(() => ({ sockets: 0, eventStreams: 0, subscriptions: 0, sourceStreams: 0 }));
    const text = await whole.text();
    const figures = [
      ...['request_duration_seconds', 'plan_duration_seconds', 'fetch_duration_seconds'],
      ...['operation_cost', 'operations_in_flight', 'plan_lookups_total', 'queries_shared_total'],
      ...['fetches_shared_total', 'live{what="sockets"}', 'live{what="subscriptions"}'],
      ...['frames_conflated_total', 'circuit_open', 'operations_refused_total'],
    ].map((name) => `deskgraph_${name}`);
    const missing = [...figures, 'nodejs_eventloop_lag_p99_seconds'].filter(
      (name) => !text.includes(name),
    );
    expect(missing).toEqual([]);
  });

  it('say nothing of what a client wrote', async () => {
    const secret = 'canary5Wq';
    await desk.post(
      { query: `query ${secret} { ${secret}: serverTime }` },
      { 'x-api-key': secret },
    );
    expect(await metrics.text()).not.toContain(secret);
  });
});

describe('the place where metrics are read', () => {
  it('is a port of its own, and the public one knows nothing of it', async () => {
    const other = new GatewayMetrics();
    const server = await serveMetrics({
      address: { host: '127.0.0.1', port: 0 },
      read: () => other.text(),
      logger: pino({ level: 'silent' }),
    });
    const response = await fetch(`${server.origin}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await response.text()).toContain('# TYPE deskgraph_request_duration_seconds histogram');
    expect(await valueOf('deskgraph_queries_shared_total', other)).toBe(0);
    expect((await fetch(server.origin)).status).toBe(404);
    expect((await fetch(`${desk.origin}/metrics`)).status).toBe(404);
    await server.stop();
  });
});

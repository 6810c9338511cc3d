import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { REFUSAL_WHILE_CLOSING } from '#shared/http/refuse-while-closing.ts';
import { REFUSAL_WITHOUT_PASSPORT } from '#shared/subgraph/passport-guard.ts';
import { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { noteAnswerCost } from '../limits/answer-cost.ts';
import { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { SubgraphDataSource } from './subgraph-data-source.ts';

const QUERY = '{ serverTime }';
const MUTATION = 'mutation { placeOrder }';
const CONTEXT = { viewer: { kind: 'anonymous', scopes: [] }, origin: null, requestId: 'r' };
const clock = { nowMs: 0 };
let server: Server;
let calls: number;
/** What was logged. */
const written: object[] = [];
let different = 0;
let answer: (response: ServerResponse) => void;
let client: SubgraphClient;
let commands: SubgraphClient;
let metrics: GatewayMetrics;
let source: SubgraphDataSource;
/** The same of public data. */
let market: SubgraphDataSource;

beforeEach(async () => {
  calls = 0;
  server = createServer((_request, response) => {
    calls += 1;
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const passportKey = { kid: 'gateway.1', secret: 'a secret of this test' };
  client = new SubgraphClient({ name: 'order', url, passportKey }, systemClock);
  metrics = new GatewayMetrics();
  written.length = 0;
  const logger = pino({}, { write: (line) => void written.push(JSON.parse(line) as object) });
  commands = new SubgraphClient({ name: 'order', url, passportKey }, systemClock);
  const parts = { client, commands, metrics, logger, nowMs: () => clock.nowMs };
  source = new SubgraphDataSource('order', parts);
  market = new SubgraphDataSource('market-data', parts);
});
afterEach(async () => {
  server.closeAllConnections();
  const closed = new Promise((resolve) => server.close(resolve));
  await Promise.all([client.close(), commands.close(), closed]);
});

const breaks = (response: ServerResponse) => response.destroy();
const isSilent = () => {};
const says = (body: object) => (response: ServerResponse) =>
  void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));

/** The subgraph's answer, or the extensions of the error in its place. */
async function ask(
  query = QUERY,
  usedMs = 0,
  variables: object = unlike(),
  { isOfEvent, ...more }: { readonly freshUntilMs?: number; readonly isOfEvent?: true } = {},
  asked = source,
): Promise<unknown> {
  const operation = query === MUTATION ? 'mutation' : 'query';
  const startedAtMs = performance.now() - usedMs;
  const options = {
    request: { query, variables },
    incomingRequestContext: isOfEvent ? {} : { operation: { operation } },
    context: { ...CONTEXT, startedAtMs, ...more },
  };
  return asked.process(options as never).catch((cause: unknown) => {
    const { message, extensions } = cause as { message: string; extensions: object };
    return { message, ...extensions };
  });
}
/** Variables that make a question unlike all others. */
function unlike(): object {
  return { n: (different += 1) };
}
const askTimes = (times: number, usedMs = 0) =>
  Promise.all(Array.from({ length: times }, () => ask(QUERY, usedMs)));
const unavailable = (outcome: string) => ({
  message: "The desk's order system did not respond in time.",
  code: 'UNAVAILABLE',
  outcome,
  retryable: true,
});
async function isOpen(): Promise<boolean> {
  return (await metrics.text()).includes('deskgraph_circuit_open{subgraph="order"} 1');
}

describe('a subgraph whose connections break', () => {
  it('is asked no more after five calls, and the same error comes at once', async () => {
    answer = breaks;
    expect(await ask(MUTATION)).toEqual(unavailable('UNKNOWN'));
    await askTimes(4);
    expect([calls, await isOpen()]).toEqual([5, true]);
    expect(await ask()).toEqual(unavailable('NOT_APPLIED'));
    // It was not sent, so nothing can have happened.
    expect(await ask(MUTATION)).toEqual(unavailable('NOT_APPLIED'));
    expect(calls).toBe(5);
    expect(await metrics.text()).toContain(
      'deskgraph_fetch_duration_seconds_count{subgraph="order",outcome="unsent"} 2',
    );
  });

  it('is tried by one call after a while, and asked again by all when that is answered', async () => {
    answer = breaks;
    await askTimes(5);
    clock.nowMs += 1000;
    await askTimes(3);
    expect([calls, await isOpen()]).toEqual([6, true]);
    clock.nowMs += 1000;
    answer = says({ data: { serverTime: 'now' } });
    expect(await ask()).toEqual({ data: { serverTime: 'now' } });
    await askTimes(3);
    expect([calls, await isOpen()]).toEqual([10, false]);
    expect(written.at(-1)).toMatchObject({ subgraph: 'order', lastedMs: 2000 });
  });
});

describe('a subgraph that does not answer in time', () => {
  it('is asked no more when it had time enough', async () => {
    answer = isSilent;
    await askTimes(5, 900);
    expect(await isOpen()).toBe(true);
  });

  it('is still asked when there was hardly any time left for it, or none', async () => {
    answer = isSilent;
    await askTimes(6, 1600);
    await askTimes(6, 2000);
    expect([calls, await isOpen()]).toEqual([6, false]);
  });
});

describe('a subgraph that holds what it is asked', () => {
  it('is sent a command at once while it has as many reads in hand as it may', async () => {
    answer = (response) => (calls > 64 ? says({ data: {} })(response) : undefined);
    const reads = askTimes(100);
    await expect.poll(() => calls).toBe(64);
    expect(await ask(MUTATION)).toEqual({ data: {} });
    expect(calls).toBe(65);
    server.closeAllConnections();
    await reads;
  });

  it('has at most 64 calls in hand at a time, and the others wait within their own time', async () => {
    const held: ServerResponse[] = [];
    answer = (response) => void held.push(response);
    const asked = askTimes(80);
    await expect.poll(() => held.length).toBe(64);
    let most = 0;
    answer = (response) => {
      const inHand = held.filter(({ writableEnded }) => !writableEnded).length + 1;
      most = Math.max(most, inHand);
      says({ data: {} })(response);
    };
    for (const response of held) says({ data: {} })(response);
    expect(await asked).toEqual(Array.from({ length: 80 }, () => ({ data: {} })));
    expect([calls, most <= 64]).toEqual([80, true]);
  });

  it.each([
    ['read', QUERY, 1900],
    ['sent commands', MUTATION, 4900],
  ])('is %s for one principal in turns if the answers are large', async (_how, query, usedMs) => {
    const held: ServerResponse[] = [];
    answer = (response) => void held.push(response);
    const costly = {};
    noteAnswerCost(costly as GatewayContext, 9000);
    const asked = [ask(query, 0, unlike(), costly), ask(query, 0, unlike(), costly)];
    const late = await ask(query, usedMs, unlike(), costly);
    expect(late).toMatchObject({ code: 'RATE_LIMITED', outcome: 'NOT_APPLIED', retryable: true });
    for (const index of [0, 1]) {
      await expect.poll(() => held.length).toBe(index + 1);
      says({ data: {} })(held[index] as ServerResponse);
      expect(await asked[index]).toEqual({ data: {} });
    }
    expect(calls).toBe(2);
  });
});

describe('a subgraph that answers with errors', () => {
  it.each([
    ['of GraphQL', says({ data: null, errors: [{ message: 'No' }] })],
    ['of HTTP', (response: ServerResponse) => void response.writeHead(500).end('no')],
    ['in writing', (response: ServerResponse) => void response.end('{')],
  ])('%s is asked as before', async (_what, mistaken) => {
    answer = mistaken;
    await askTimes(12);
    expect([calls, await isOpen()]).toEqual([12, false]);
  });
});

describe('a subgraph that refuses a command', () => {
  const refuses = (status: number, text: string) => (response: ServerResponse) =>
    void response.writeHead(status, { connection: 'close' }).end(text);

  it.each([
    ['because it is closing', refuses(503, REFUSAL_WHILE_CLOSING), 'NOT_APPLIED'],
    ['because its passport is not valid', refuses(401, REFUSAL_WITHOUT_PASSPORT), 'NOT_APPLIED'],
    ['in the words of something between', refuses(503, 'no backend'), 'UNKNOWN'],
    ['in the words of something between that has a door', refuses(401, '{}'), 'UNKNOWN'],
  ])('%s, has done what the outcome says', async (_why, refusal, outcome) => {
    answer = refusal;
    expect(await ask(MUTATION)).toEqual(unavailable(outcome));
    expect([calls, await isOpen()]).toEqual([1, false]);
  });
});

describe('equal questions in flight', () => {
  it('are one call, whose answer nobody else can change', async () => {
    let release = () => {};
    answer = (response) => (release = () => says({ data: { list: [{ a: 1 }] } })(response));
    const answers = [ask(QUERY, 0, {}), ask(QUERY, 100, {}), ask(QUERY, 0, {})];
    await expect.poll(() => calls).toBe(1);
    release();
    const [one, two, three] = await Promise.all(answers);
    expect(one).toEqual({ data: { list: [{ a: 1 }] } });
    Object.assign((one as { data: { list: object[] } }).data.list[0] ?? {}, { a: 2 });
    expect([two, three]).toEqual([{ data: { list: [{ a: 1 }] } }, { data: { list: [{ a: 1 }] } }]);
    expect(calls).toBe(1);
    expect(await metrics.text()).toContain('deskgraph_fetches_shared_total{subgraph="order"} 2');
  });

  it('are one call of public data, however long it has been on its way', async () => {
    let release = () => {};
    answer = (response) => (release = () => says({ data: { serverTime: 1 } })(response));
    const first = ask(QUERY, 0, {}, {}, market);
    await expect.poll(() => calls).toBe(1);
    const second = ask(QUERY, 0, {}, {}, market);
    release();
    expect([await first, await second, calls]).toEqual([
      { data: { serverTime: 1 } },
      { data: { serverTime: 1 } },
      1,
    ]);
  });

  it('fail together, and are asked again afterwards', async () => {
    answer = breaks;
    const answers = await Promise.all([ask(QUERY, 0, {}), ask(QUERY, 0, {})]);
    expect(answers).toEqual([unavailable('NOT_APPLIED'), unavailable('NOT_APPLIED')]);
    answer = says({ data: null });
    expect(await ask(QUERY, 0, {})).toEqual({ data: null });
    expect(calls).toBe(2);
  });

  it('are not shared if one has much more time, if one was sent before, or if they are mutations', async () => {
    const held: ServerResponse[] = [];
    answer = (response) => void held.push(response);
    const answers = [ask(QUERY, 1000, {}), ask(QUERY, 0, {})];
    await expect.poll(() => calls).toBe(2);
    answers.push(ask(QUERY, 0, {}), ask(MUTATION, 0, {}), ask(MUTATION, 0, {}));
    await expect.poll(() => calls).toBe(5);
    held.forEach(says({ data: null }));
    await Promise.all(answers);
  });

  it.each(['order', 'market-data'])('of events are one call of %s until it is sent', async (of) => {
    answer = isSilent;
    const asked = of === 'order' ? source : market;
    const complete = () => ask(QUERY, 0, {}, { isOfEvent: true }, asked);
    void ask(QUERY, 0, {}, {}, asked);
    await expect.poll(() => calls).toBe(1);
    for (const _ of [1, 2]) void complete();
    await expect.poll(() => calls).toBe(2);
    void complete();
    await expect.poll(() => calls).toBe(3);
  });
});

describe('what was signed', () => {
  const freshFor = (ms: number) => ({ freshUntilMs: performance.now() + ms });

  it('is not begun as a change when it is not fresh any more, however new the request is', async () => {
    answer = says({ data: { placeOrder: 1 } });
    expect(await ask(MUTATION, 0, {}, freshFor(0))).toEqual(unavailable('NOT_APPLIED'));
    expect(calls).toBe(0);
    expect(await ask(MUTATION, 0, {}, freshFor(60_000))).toEqual({ data: { placeOrder: 1 } });
    expect(calls).toBe(1);
  });

  it('is waited for as a change only as long as it is fresh', async () => {
    answer = isSilent;
    expect(await ask(MUTATION, 0, {}, freshFor(1000))).toEqual(unavailable('UNKNOWN'));
    expect(calls).toBe(1);
  });

  it('may be asked for as long as any question', async () => {
    answer = says({ data: { serverTime: 'now' } });
    expect(await ask(QUERY, 0, unlike(), freshFor(0))).toEqual({ data: { serverTime: 'now' } });
  });
});

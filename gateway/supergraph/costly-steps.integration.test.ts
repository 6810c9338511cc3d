import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { noteAnswerCost } from '../limits/answer-cost.ts';
import { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { SubgraphDataSource } from './subgraph-data-source.ts';
import type { SubgraphName } from './subgraph-names.ts';

// Steps of plans whose operations cost much: reads, commands, and what is read after a command.

const READ = '{ serverTime }';
const COMMAND = 'mutation { placeOrder }';

let server: Server;
const clients: SubgraphClient[] = [];
/** What the subgraph was asked and has not answered. */
let held: ServerResponse[];
let order: SubgraphDataSource;
/** Its data is public. */
let market: SubgraphDataSource;
let different = 0;

beforeEach(async () => {
  held = [];
  server = createServer((_request, response) => void held.push(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  order = sourceOf('order');
  market = sourceOf('market-data');
});
afterEach(async () => {
  server.closeAllConnections();
  const closed = new Promise((resolve) => server.close(resolve));
  await Promise.all([...clients.splice(0).map((client) => client.close()), closed]);
});

function sourceOf(name: SubgraphName): SubgraphDataSource {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const passportKey = { kid: 'gateway.1', secret: 'a secret of this test' };
  const client = new SubgraphClient({ name, url, passportKey }, systemClock);
  const commands = new SubgraphClient({ name, url, passportKey }, systemClock);
  clients.push(client, commands);
  const logger = pino({ level: 'silent' });
  return new SubgraphDataSource(name, { client, commands, metrics: new GatewayMetrics(), logger });
}

/** An operation whose answer costs this. */
function operation(cost: number, address = '192.0.2.1'): GatewayContext {
  const context: GatewayContext = {
    viewer: { kind: 'anonymous', scopes: [] },
    origin: { address, userAgent: null },
    requestId: 'r',
    startedAtMs: performance.now(),
  };
  noteAnswerCost(context, cost);
  return context;
}

/** The answer to a step, or the extensions of the error in its place. */
async function step(
  query: string,
  context: GatewayContext,
  { of = 'mutation', from = order, variables = unlike() } = {},
): Promise<unknown> {
  const incomingRequestContext = { operation: { operation: of } };
  const options = { request: { query, variables }, incomingRequestContext, context };
  return from.process(options as never).then(
    ({ data, errors }) => errors?.[0]?.extensions ?? data,
    (cause: unknown) => (cause as { readonly extensions: object }).extensions,
  );
}

/** Variables that make a question unlike all others. */
function unlike(): object {
  return { n: (different += 1) };
}

/** Answers what was asked as the n-th, once it was. */
async function answer(index: number, body: object = { data: {} }): Promise<void> {
  await expect.poll(() => held.length).toBeGreaterThan(index);
  held[index]?.setHeader('content-type', 'application/json').end(JSON.stringify(body));
}

describe('what costs much', () => {
  it('takes turns with the commands of its principal if it is one, and with no reads', async () => {
    const asked = [step(READ, operation(9000), { of: 'query' })];
    for (let count = 0; count < 6; count += 1) asked.push(step(COMMAND, operation(1900)));
    asked.push(step(COMMAND, operation(100)));
    await expect.poll(() => held.length).toBe(1 + 5 + 1);
    for (let index = 0; index < asked.length; index += 1) await answer(index);
    expect(await Promise.all(asked)).toEqual(asked.map(() => ({})));
  });

  it('is read for nobody in the turn of another principal, however equal it is', async () => {
    const equal = { of: 'query', from: market, variables: {} };
    const first = step(READ, operation(9000), { of: 'query', from: market });
    const waiting = step(READ, operation(9000), equal);
    const other = step(READ, operation(9000, '192.0.2.2'), equal);
    await answer(1, { data: { serverTime: 1 } });
    expect(await other).toEqual({ serverTime: 1 });
    for (const index of [0, 2]) await answer(index);
    expect(await Promise.all([first, waiting])).toEqual([{}, {}]);
  });
});

describe('what is still to be read once a command was sent', () => {
  const extensions = { code: 'RATE_LIMITED', outcome: 'NOT_APPLIED', retryable: true };

  it('does not say that nothing was done if it is refused', async () => {
    const mutation = operation(30);
    const [command, rest] = [step(COMMAND, mutation), () => step(READ, mutation)];
    await answer(0);
    await command;
    const refused = rest();
    await answer(1, { data: null, errors: [{ message: 'No.', extensions }] });
    expect(await refused).toEqual({ ...extensions, outcome: 'UNKNOWN' });
  });

  it('does not say it either if it has no turn in time, or no answer', async () => {
    const mutation = operation(9000);
    const command = step(COMMAND, mutation);
    await answer(0);
    await command;
    const before = step(COMMAND, operation(9000));
    Object.assign(mutation, { startedAtMs: performance.now() - 4900 });
    expect(await step(READ, mutation)).toEqual({ ...extensions, outcome: 'UNKNOWN' });
    await answer(1);
    await before;
    const lost = step(READ, mutation);
    expect(await lost).toMatchObject({ code: 'UNAVAILABLE', outcome: 'UNKNOWN' });
  });

  it('does not concern a command that follows: what its subgraph says of it is true', async () => {
    const mutation = operation(30);
    const commands = [step(COMMAND, mutation)];
    await answer(0);
    await commands[0];
    const refused = step(COMMAND, mutation);
    await answer(1, { data: null, errors: [{ message: 'No.', extensions }] });
    expect(await refused).toEqual(extensions);
  });
});

import diagnosticsChannel from 'node:diagnostics_channel';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aTraderWithPositions, DASHBOARD, restOrders } from './support/dashboard.ts';
import type { Desk } from './support/harness.ts';
import { shareDesk } from './support/shared-desk.ts';
import type { TraderClient } from './support/trader-client.ts';

// Calls and statements are counted where they happen, so this scenario runs in one process only.
describe('the cost of the dashboard query', () => {
  let desk: Desk;
  let trader: TraderClient;
  beforeAll(async () => {
    desk = await shareDesk('moving');
    trader = await aTraderWithPositions(desk);
  });
  afterAll(() => desk.stop());

  it('is the same calls and statements however many rows there are', async () => {
    await restOrders(trader, 'few', 3);
    await trader.request(DASHBOARD);
    const few = await leastCalls(() => trader.request(DASHBOARD));
    await restOrders(trader, 'many', 25);
    const many = await leastCalls(() => trader.request(DASHBOARD));
    expect(many).toEqual(few);
    expect(few.subgraphCalls).toBeLessThanOrEqual(8);
    expect(few.statements).toBeLessThanOrEqual(16);
    expect(few.statements).toBeGreaterThan(0);
  });
});

interface Calls {
  readonly subgraphCalls: number;
  readonly statements: number;
}

/** The least of several counts: what servers do on their own beside a query can only add to one. */
async function leastCalls(work: () => Promise<unknown>): Promise<Calls> {
  const counts: Calls[] = [];
  while (counts.length < 5) counts.push(await countCalls(work));
  return {
    subgraphCalls: Math.min(...counts.map(({ subgraphCalls }) => subgraphCalls)),
    statements: Math.min(...counts.map(({ statements }) => statements)),
  };
}

/** Subgraph requests and SQL statements that one piece of work causes, by watching both clients. */
async function countCalls(work: () => Promise<unknown>): Promise<Calls> {
  const callsByRequest = new Map<string, number>();
  let statements = 0;
  const onRequest = (message: unknown) => {
    const { request } = message as { request: { headers: string | readonly string[] } };
    const id = /x-request-id[:,\s]+([^\s,]+)/i.exec(String(request.headers))?.[1];
    if (id !== undefined) callsByRequest.set(id, (callsByRequest.get(id) ?? 0) + 1);
  };
  const original = pg.Client.prototype.query;
  const counted = function (this: pg.Client, ...args: readonly unknown[]) {
    const text = typeof args[0] === 'string' ? args[0] : (args[0] as { text?: string })?.text;
    if (/^\s*(WITH|SELECT)\b/i.test(text ?? '')) statements += 1;
    return Reflect.apply(original, this, args) as unknown;
  };
  diagnosticsChannel.subscribe('undici:request:create', onRequest);
  pg.Client.prototype.query = counted as typeof original;
  try {
    await work();
  } finally {
    diagnosticsChannel.unsubscribe('undici:request:create', onRequest);
    pg.Client.prototype.query = original;
  }
  // A background refresh may fall into the same moment; it has a request id of its own.
  return { subgraphCalls: Math.max(...callsByRequest.values()), statements };
}

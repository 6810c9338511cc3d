import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AccountId, UserId } from '#shared/domain/ids.ts';
import type { Scope, Trader } from '#shared/identity/viewer.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { SubgraphClient, SubgraphOperation } from '#shared/subgraph/subgraph-client.ts';
import { ConnectionGuards, GUARD_RULE, guardRequestOf } from './connection-guards.ts';

function trader(scopes: readonly Scope[]): Trader {
  const credential = { kind: 'apiKey', keyId: 'key' } as Trader['credential'];
  const accounts = (['OWNER', 'TRADER', 'VIEWER'] as const).map((role) => ({
    accountId: role.toLowerCase() as AccountId,
    role,
  }));
  return {
    ...{ kind: 'trader', userId: 'user' as UserId, credential, scopes, accounts, expiresAt: null },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('tells of the end of a connection until it is heard, and of no more grace than it has left', async () => {
  let isAway = false;
  const heard: unknown[] = [];
  const request = ({ variables }: SubgraphOperation) => {
    if (isAway) return Promise.reject(new Error('it restarts'));
    heard.push(variables?.['connections']);
    return Promise.resolve({ data: { guardConnections: true } });
  };
  const logger = createLogger({ unit: 'test', level: 'silent' });
  const guards = new ConnectionGuards({ request } as unknown as SubgraphClient, logger);
  const guard = (name: string) => guards.guard(name, trader(['trade:write']), { graceMs: 9000 });
  const [kept, cut] = [await guard('kept'), await guard('cut')];
  await guard('stays');
  isAway = true;
  kept(1000);
  cut(1006);
  await vi.advanceTimersByTimeAsync(4000);
  isAway = false;
  heard.length = 0;
  await vi.advanceTimersByTimeAsync(4000);
  await guards.stop();
  const told = (connectionId: string, lifeMs: number | null) => ({
    ...{ connectionId, userId: 'user', lifeMs },
  });
  const present = told('stays', 10_000);
  expect(heard).toEqual([[present, told('kept', null), told('cut', 3000)], [present]]);
});

it('tells of the end of a connection only after what was told of it before', async () => {
  const told: unknown[] = [];
  const answers: (() => void)[] = [];
  const request = ({ variables }: SubgraphOperation) => {
    told.push(variables?.['connections']);
    const answer = { data: { guardConnections: true } };
    return new Promise((resolve) => answers.push(() => resolve(answer)));
  };
  const logger = createLogger({ unit: 'test', level: 'silent' });
  const guards = new ConnectionGuards({ request } as unknown as SubgraphClient, logger);
  const guarded = guards.guard('cut', trader(['trade:write']), { graceMs: 500 });
  answers.shift()?.();
  const cut = await guarded;
  await vi.advanceTimersByTimeAsync(2000);
  cut(1006);
  // The one under way may arrive after any that is sent now, and says that the connection lives.
  expect(told).toHaveLength(2);
  answers.shift()?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(told.slice(2)).toEqual([[{ connectionId: 'cut', userId: 'user', lifeMs: 500 }]]);
  let isStopped = false;
  const stopped = guards.stop().then(() => (isStopped = true));
  await vi.advanceTimersByTimeAsync(0);
  expect(isStopped).toBe(false);
  answers.shift()?.();
  await stopped;
});

it.each<[Scope, readonly string[]]>([
  ['trade:write', ['owner', 'trader']],
  ['trade:read', []],
])('takes over with %s what may be traded with it: the orders of %j', async (scope, accountIds) => {
  const heard: unknown[] = [];
  const request = ({ variables }: SubgraphOperation) => {
    heard.push(variables?.['connections']);
    return Promise.resolve({ data: { guardConnections: true } });
  };
  const logger = createLogger({ unit: 'test', level: 'silent' });
  const guards = new ConnectionGuards({ request } as unknown as SubgraphClient, logger);
  await guards.guard('new', trader([scope]), { graceMs: 0, takeOver: 'lost' });
  await guards.stop();
  const takeOver = { connectionId: 'lost', accountIds };
  expect(heard).toEqual([[{ connectionId: 'new', userId: 'user', lifeMs: 10_000, takeOver }]]);
});

it.each([
  [
    { graceMs: 5, takeOver: 'a-1' },
    { graceMs: 5, takeOver: 'a-1' },
  ],
  [{ takeOver: null }, { graceMs: 0 }],
  [{ takeOver: 'a/b' }, 'malformed'],
  [{ takeOver: 1 }, 'malformed'],
  [{ takeOver: '' }, 'malformed'],
])('reads %j as %j', (cancelOnDisconnect, request) => {
  expect(guardRequestOf({ cancelOnDisconnect })).toEqual(request);
});

it('refuses an invalid request with a text that fits into a close frame', () => {
  expect(Buffer.byteLength(GUARD_RULE)).toBeLessThanOrEqual(123);
});

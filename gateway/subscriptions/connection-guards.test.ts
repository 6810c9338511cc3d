import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { UserId } from '#shared/domain/ids.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { SubgraphClient, SubgraphOperation } from '#shared/subgraph/subgraph-client.ts';
import { ConnectionGuards } from './connection-guards.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('tells of the end of a connection until it is heard', async () => {
  let isAway = false;
  const heard: unknown[] = [];
  const request = ({ variables }: SubgraphOperation) => {
    if (isAway) return Promise.reject(new Error('it restarts'));
    heard.push(variables?.['connections']);
    return Promise.resolve({ data: { guardConnections: true } });
  };
  const logger = createLogger({ unit: 'test', level: 'silent' });
  const guards = new ConnectionGuards({ request } as unknown as SubgraphClient, logger);
  const guard = (name: string) => guards.guard(name, 'user' as UserId, { graceMs: 500 });
  const [kept, cut] = [await guard('kept'), await guard('cut')];
  await guard('stays');
  isAway = true;
  kept(1000);
  cut(1006);
  await vi.advanceTimersByTimeAsync(4000);
  isAway = false;
  heard.length = 0;
  await vi.advanceTimersByTimeAsync(4000);
  guards.stop();
  const told = (connectionId: string, lifeMs: number | null) => ({
    ...{ connectionId, userId: 'user', lifeMs },
  });
  const present = told('stays', 10_000);
  expect(heard).toEqual([[present, told('kept', null), told('cut', 500)], [present]]);
});

import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { RedisSharedState } from './redis-shared-state.ts';
import { openTcpProxy } from './test-tcp-proxy.ts';

const url = inject('redisUrl');
const DUTY_MS = 60_000;

describe.skipIf(url === null)('SharedState: redis', () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  const open = (address: string, prefix: string) => {
    const state = new RedisSharedState({ url: address, prefix, onError: () => undefined });
    ends.push(() => state.dispose());
    return state;
  };

  it('gives up a connection on which Redis is silent, and asks over a new one', async () => {
    const proxy = await openTcpProxy(Number(new URL(url ?? '').port));
    ends.push(() => proxy.close());
    const prefix = randomUUID();
    const state = open(`redis://127.0.0.1:${proxy.port}`, prefix);
    expect(await state.hold('duty', 'one', DUTY_MS)).toBe(true);
    proxy.hold();
    await expect(state.hold('duty', 'one', DUTY_MS)).rejects.toThrow();
    await vi.waitUntil(() => state.hold('duty', 'one', DUTY_MS).catch(() => false), 15_000);
    expect(await open(url ?? '', prefix).hold('duty', 'another', DUTY_MS)).toBe(false);
  });

  it('gives away a duty that lasts longer than any does, because its clock was set back', async () => {
    const prefix = randomUUID();
    const state = open(url ?? '', prefix);
    expect(await state.hold('duty', 'one', 60 * DUTY_MS)).toBe(true);
    expect(await state.hold('duty', 'another', DUTY_MS)).toBe(true);
    expect(await state.hold('duty', 'one', DUTY_MS)).toBe(false);
  });
});

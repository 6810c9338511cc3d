import { beforeEach, describe, expect, it } from 'vitest';
import type { OrderTerms } from '../domain/order.ts';
import { NOW_MS, price } from '../domain/test-orders.ts';
import { limitAt } from './test-placement.ts';
import { MARKET, trailingBy, triggerAt, WaitingWorld } from './test-waiting.ts';

// A clock that is set back, or is behind that of the owner before.

describe('a desk whose clock is set back', () => {
  let world: WaitingWorld;
  beforeEach(() => {
    world = new WaitingWorld();
  });

  it.each([
    ['while it runs', () => undefined],
    ['when another process takes over', () => world.restart()],
  ])('records nothing before what it has recorded: %s', async (_name, goOn) => {
    await world.place('a', 'BUY', '1', limitAt('100'));
    world.now -= 60_000;
    goOn();
    const order = await world.place('a', 'BUY', '1', limitAt('100'));
    await world.place('b', 'SELL', '1', limitAt('100'));
    expect(order.createdAt).toBe(NOW_MS);
    const times = world.store.events.flatMap(({ at, fill }) => [at, fill?.executedAt ?? at]);
    expect(new Set(times)).toEqual(new Set([NOW_MS]));
  });

  it('still knows a fresh quote from a stale one', async () => {
    await world.tick('99.99', '100.00');
    const stop = await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '95'));
    world.now -= 60_000;
    await world.tick('94', '94.01');
    expect(world.statusOf(stop.id)).toBe('FILLED');
    const taken = await world.place('a', 'BUY', '1', MARKET);
    expect(taken.state.status).toBe('FILLED');
  });

  it('lets what expires, and its dead man’s switch, go by the clock', async () => {
    world.now += 60_000;
    const terms = { ...limitAt('90'), timeInForce: 'GTD' } as OrderTerms;
    await world.place('a', 'BUY', '1', limitAt('90'));
    world.now -= 60_000;
    const order = await world.place('b', 'BUY', '1', terms, { expireAt: world.now + 5000 });
    await world.desk.safety.cancelAllAfter(order.accountId, 10_000);
    world.now += 4999;
    await world.turn();
    expect(world.statusOf(order.id)).toBe('ACCEPTED');
    world.now += 1;
    await world.turn();
    expect(world.statusOf(order.id)).toBe('EXPIRED');
    const other = await world.place('b', 'BUY', '1', limitAt('90'));
    world.now += 5000;
    await world.turn();
    expect(world.store.orders.get(other.id)?.state).toMatchObject({
      cancelReason: 'CANCEL_ALL_AFTER',
    });
  });

  it('does not let its trailing stops rest for longer', async () => {
    await world.tick('99.99', '100.00');
    const ids: string[] = [];
    for (let count = 0; count < 101; count += 1)
      ids.push((await world.place('t', 'SELL', '0.01', MARKET, trailingBy('1'))).id);
    await world.tick('105.00', '105.01');
    world.now -= 60_000;
    await world.tick('105.00', '105.01');
    expect(ids.map((id) => world.triggerPriceOf(id))).toEqual(ids.map(() => price('104')));
  });
});

import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { openEventBus } from './open-event-bus.ts';
import { RedisEventBus } from './redis-event-bus.ts';
import { anAdvance, describeEventBus, sequencesOf } from './test-event-bus-contract.ts';
import { openTcpProxy, type TcpProxy } from './test-tcp-proxy.ts';

const url = inject('redisUrl');
const PATIENCE = { timeout: 20_000 };

describe.skipIf(url === null)('EventBus: redis', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const thing of opened.splice(0).reverse()) await thing.close();
  });

  async function open(address = url ?? '', prefix: string = randomUUID()): Promise<RedisEventBus> {
    const bus = new RedisEventBus({ url: address, prefix, onError: () => undefined });
    await vi.waitUntil(() => bus.isConnected(), PATIENCE);
    opened.push({ close: () => bus.dispose() });
    return bus;
  }

  async function openThroughProxy(prefix: string): Promise<[RedisEventBus, TcpProxy]> {
    const proxy = await openTcpProxy(Number(new URL(url ?? '').port));
    opened.push(proxy);
    return [await open(`redis://127.0.0.1:${proxy.port}`, prefix), proxy];
  }

  describeEventBus(() => open());

  it('carries messages from one process to another under one prefix, and no other', async () => {
    const [prefix, other] = [randomUUID(), randomUUID()];
    const [sender, receiver, stranger] = [
      await open(url ?? '', prefix),
      await open(url ?? '', prefix),
      await open(url ?? '', other),
    ];
    const heard = await receiver.subscribe('order.events');
    const overheard = await stranger.subscribe('order.events');
    sender.publish('order.events', anAdvance('1'));
    expect(await sequencesOf(heard, 1)).toEqual(['1']);
    stranger.publish('order.events', anAdvance('own'));
    expect(await sequencesOf(overheard, 1)).toEqual(['own']);
  });

  it('tells every subscriber of a gap after a reconnect, and then of new messages', async () => {
    const prefix = randomUUID();
    const [bus, proxy] = await openThroughProxy(prefix);
    const sender = await open(url ?? '', prefix);
    const subscriptions = [
      await bus.subscribe('order.events'),
      await bus.subscribe('order.events'),
    ];
    proxy.cut();
    await vi.waitUntil(() => !bus.isConnected(), PATIENCE);
    sender.publish('order.events', anAdvance('lost'));
    proxy.mend();
    for (const subscription of subscriptions)
      expect(await subscription.next()).toEqual({ value: { kind: 'gap' }, done: false });
    sender.publish('order.events', anAdvance('2'));
    for (const subscription of subscriptions)
      expect(await sequencesOf(subscription, 1)).toEqual(['2']);
  });

  it('says when Redis is away, and once when it is back', async () => {
    const proxy = await openTcpProxy(Number(new URL(url ?? '').port));
    opened.push(proxy);
    const said: string[] = [];
    const logger = createLogger(
      { unit: 'test', level: 'info' },
      { write: (line) => void said.push((JSON.parse(line) as { readonly msg: string }).msg) },
    );
    const address = { REDIS_URL: `redis://127.0.0.1:${proxy.port}`, EVENT_PREFIX: randomUUID() };
    const bus = await openEventBus(address, logger);
    opened.push({ close: () => bus.dispose() });
    await vi.waitUntil(() => bus.isConnected(), PATIENCE);
    expect(said).toEqual([]);
    proxy.cut();
    await vi.waitUntil(() => said.length > 1, PATIENCE);
    proxy.mend();
    await vi.waitUntil(() => bus.isConnected(), PATIENCE);
    expect(new Set(said.slice(0, -1))).toEqual(new Set(['no connection to the event bus']));
    expect(said.at(-1)).toBe('the event bus is connected again');
  });

  it('gets no messages of a topic that nobody listens to any more, and all when somebody does again', async () => {
    const prefix = randomUUID();
    const bus = await open(url ?? '', prefix);
    const admin = new Redis(url ?? '');
    opened.push({ close: async () => void (await admin.quit()) });
    const listeners = async () => (await admin.pubsub('NUMSUB', `${prefix}:market.feed`)).at(-1);
    const subscriptions = [await bus.subscribe('market.feed'), await bus.subscribe('market.feed')];
    await subscriptions[0]?.return?.();
    expect(await listeners()).toBe(1);
    await subscriptions[1]?.return?.();
    await vi.waitUntil(async () => (await listeners()) === 0, PATIENCE);
    // The second is there before the first has left.
    const [first, second] = [await bus.subscribe('order.events'), bus.subscribe('order.events')];
    await first.return?.();
    const heard = await second;
    await heard.return?.();
    const again = await bus.subscribe('order.events');
    bus.publish('order.events', anAdvance('1'));
    expect(await sequencesOf(again, 1)).toEqual(['1']);
  });

  it('gives up connections on which Redis is silent, and tells of the gap over new ones', async () => {
    const prefix = randomUUID();
    const [bus, proxy] = await openThroughProxy(prefix);
    const sender = await open(url ?? '', prefix);
    const heard = await bus.subscribe('order.events');
    proxy.hold();
    sender.publish('order.events', anAdvance('lost'));
    expect(await heard.next()).toEqual({ value: { kind: 'gap' }, done: false });
    sender.publish('order.events', anAdvance('2'));
    expect(await sequencesOf(heard, 1)).toEqual(['2']);
    await vi.waitUntil(() => bus.isConnected(), PATIENCE);
  });

  it('tells those elsewhere of a gap where whoever publishes was away alone, on what was lost', async () => {
    const prefix = randomUUID();
    const [bus, proxy] = await openThroughProxy(prefix);
    const elsewhere = await open(url ?? '', prefix);
    const [orders, balances] = [
      await elsewhere.subscribe('order.events'),
      await elsewhere.subscribe('balance.events'),
    ];
    proxy.cut();
    await vi.waitUntil(() => !bus.isConnected(), PATIENCE);
    bus.publish('order.events', anAdvance('lost'));
    await new Promise((resolve) => setImmediate(resolve));
    proxy.mend();
    expect(await orders.next()).toEqual({ value: { kind: 'gap' }, done: false });
    for (const topic of ['order.events', 'balance.events'] as const)
      bus.publish(topic, anAdvance('2'));
    for (const subscription of [orders, balances])
      expect(await sequencesOf(subscription, 1)).toEqual(['2']);
  });

  it('tells of the gap also if it could not listen again at once', async () => {
    const prefix = randomUUID();
    const admin = new Redis(url ?? '');
    const user = `bus-${prefix}`;
    const rights = (...rules: string[]) => admin.call('ACL', 'SETUSER', user, ...rules);
    opened.push({
      close: async () => {
        await admin.call('ACL', 'DELUSER', user);
        await admin.quit();
      },
    });
    await rights('on', '>secret', '+@all', 'allchannels', 'allkeys');
    const proxy = await openTcpProxy(Number(new URL(url ?? '').port));
    opened.push(proxy);
    const bus = await open(`redis://${user}:secret@127.0.0.1:${proxy.port}`, prefix);
    const heard = await bus.subscribe('order.events');
    proxy.cut();
    await vi.waitUntil(() => !bus.isConnected(), PATIENCE);
    await rights('-subscribe');
    proxy.mend();
    const refusals = async () => JSON.stringify(await admin.call('ACL', 'LOG'));
    await vi.waitUntil(async () => (await refusals()).includes(user), PATIENCE);
    await rights('+subscribe');
    expect(await heard.next()).toEqual({ value: { kind: 'gap' }, done: false });
    // Its other connection, by which it publishes, comes back by itself.
    await vi.waitUntil(() => bus.isConnected(), PATIENCE);
    bus.publish('order.events', anAdvance('1'));
    expect(await sequencesOf(heard, 1)).toEqual(['1']);
  });

  it('says to whoever subscribes while Redis is away that it did not respond', async () => {
    const [bus, proxy] = await openThroughProxy(randomUUID());
    proxy.cut();
    await vi.waitUntil(() => !bus.isConnected(), PATIENCE);
    await expect(bus.subscribe('order.events')).rejects.toMatchObject({
      message: 'The event bus did not respond.',
      extensions: { code: 'UNAVAILABLE', outcome: 'NOT_APPLIED', retryable: true },
      cause: expect.any(Error) as Error,
    });
  });

  it('neither throws nor waits while Redis is away, and does not send later what was lost', async () => {
    const prefix = randomUUID();
    const [bus, proxy] = await openThroughProxy(prefix);
    const listener = await (await open(url ?? '', prefix)).subscribe('order.events');
    proxy.cut();
    await vi.waitUntil(() => !bus.isConnected(), PATIENCE);
    bus.publish('order.events', anAdvance('lost'));
    // The queue of one turn is flushed in the next: only then may Redis come back.
    await new Promise((resolve) => setImmediate(resolve));
    proxy.mend();
    await vi.waitUntil(() => bus.isConnected(), PATIENCE);
    bus.publish('order.events', anAdvance('sent'));
    expect(await sequencesOf(listener, 2)).toEqual(['gap', 'sent']);
  });

  it('takes what it cannot read as lost', async () => {
    const prefix = randomUUID();
    const heard = await (await open(url ?? '', prefix)).subscribe('order.events');
    const stranger = new Redis(url ?? '');
    opened.push({ close: async () => void (await stranger.quit()) });
    await stranger.publish(`${prefix}:order.events`, '{"half');
    expect(await heard.next()).toEqual({ value: { kind: 'gap' }, done: false });
    await stranger.publish(`${prefix}:order.events`, JSON.stringify(anAdvance('1')));
    expect(await sequencesOf(heard, 1)).toEqual(['1']);
  });

  it('can be disposed of while Redis is away', async () => {
    const [bus, proxy] = await openThroughProxy(randomUUID());
    const waiting = (await bus.subscribe('order.events')).next();
    proxy.cut();
    await vi.waitUntil(() => !bus.isConnected(), PATIENCE);
    await bus.dispose();
    expect((await waiting).done).toBe(true);
  });
});

import { afterEach, expect, it } from 'vitest';
import {
  type AccountId,
  type InstrumentSymbol,
  parseAccountId,
  trusted,
} from '#shared/domain/ids.ts';
import type { BusSignal, BusSubscription, EventBus } from './event-bus.ts';
import type { MarketDepth, StreamAdvance } from './topics.ts';

/** More than any subscriber's queue holds. */
const FLOOD = 10_500;

/** What every adapter of the EventBus promises. `open` makes a bus that nobody else speaks on. */
export function describeEventBus(open: () => Promise<EventBus>): void {
  const buses: EventBus[] = [];
  const openBus = async () => {
    const bus = await open();
    buses.push(bus);
    return bus;
  };
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus.dispose();
  });

  it('brings messages in the order they were published, to every subscriber', async () => {
    const bus = await openBus();
    const [first, second] = [
      await bus.subscribe('order.events'),
      await bus.subscribe('order.events'),
    ];
    for (const sequence of ['1', '2', '3']) bus.publish('order.events', anAdvance(sequence));
    expect(await sequencesOf(first, 3)).toEqual(['1', '2', '3']);
    expect(await sequencesOf(second, 3)).toEqual(['1', '2', '3']);
  });

  it('brings nothing that was published before the subscription', async () => {
    const bus = await openBus();
    // A subscriber that receives the first message proves that it was published.
    const witness = await bus.subscribe('order.events');
    bus.publish('order.events', anAdvance('before'));
    await sequencesOf(witness, 1);
    const subscription = await bus.subscribe('order.events');
    bus.publish('order.events', anAdvance('after'));
    expect(await sequencesOf(subscription, 1)).toEqual(['after']);
  });

  it('brings a subscriber only what it wants, however many others there are', async () => {
    const bus = await openBus();
    const all = await bus.subscribe('order.events');
    const some = await bus.subscribe('order.events', ({ sequence }) => sequence === 'wanted');
    for (let count = 0; count < FLOOD; count += 1) bus.publish('order.events', anAdvance('other'));
    bus.publish('order.events', anAdvance('wanted'));
    // No gap: what it does not want takes no place.
    expect(await sequencesOf(some, 1)).toEqual(['wanted']);
    await all.return?.();
  });

  it('keeps topics apart', async () => {
    const bus = await openBus();
    const orders = await bus.subscribe('order.events');
    bus.publish('balance.events', anAdvance('balance'));
    bus.publish('order.events', anAdvance('order'));
    expect(await sequencesOf(orders, 1)).toEqual(['order']);
  });

  it('leaves every digit of a message as it was', async () => {
    const bus = await openBus();
    const depths = await bus.subscribe('market.depth');
    bus.publish('market.depth', DEPTH);
    expect((await depths.next()).value).toEqual({ kind: 'message', message: DEPTH });
  });

  it('lets a slow subscriber delay no other one', async () => {
    const bus = await openBus();
    const slow = await bus.subscribe('order.events');
    const quick = await bus.subscribe('order.events');
    for (const sequence of ['1', '2']) {
      bus.publish('order.events', anAdvance(sequence));
      expect(await sequencesOf(quick, 1)).toEqual([sequence]);
    }
    expect(await sequencesOf(slow, 2)).toEqual(['1', '2']);
  });

  it('drops the oldest messages of a subscriber that does not keep up, and says so once', async () => {
    const bus = await openBus();
    const stalled = await bus.subscribe('order.events');
    const witness = await bus.subscribe('order.events');
    const heard: string[] = [];
    for (let sent = 1; sent <= FLOOD; sent += 1) {
      bus.publish('order.events', anAdvance(String(sent)));
      if (sent % 500 === 0) heard.push(...(await sequencesOf(witness, 500)));
    }
    expect(heard).toHaveLength(FLOOD);
    expect(await stalled.next()).toEqual({ value: { kind: 'gap' }, done: false });
    let last: BusSignal<StreamAdvance<unknown>> | undefined;
    const kinds = new Set<string>();
    while (sequenceOf(last) !== String(FLOOD)) {
      last = (await stalled.next()).value;
      kinds.add(last?.kind ?? 'end');
    }
    expect([...kinds]).toEqual(['message']);
  });

  it('is silent to one who has left, who may leave twice', async () => {
    const bus = await openBus();
    const gone = await bus.subscribe('order.events');
    const stays = await bus.subscribe('order.events');
    await gone.return?.();
    await gone.return?.();
    bus.publish('order.events', anAdvance('1'));
    expect(await sequencesOf(stays, 1)).toEqual(['1']);
    expect(await gone.next()).toEqual({ value: undefined, done: true });
  });

  it('ends a subscription when its reader leaves the loop', async () => {
    const bus = await openBus();
    const subscription = await bus.subscribe('order.events');
    bus.publish('order.events', anAdvance('1'));
    for await (const signal of subscription) {
      expect(sequenceOf(signal)).toBe('1');
      break;
    }
    expect((await subscription.next()).done).toBe(true);
  });

  it('ends those who wait when it is disposed of, and then is silent', async () => {
    const bus = await openBus();
    const waiting = (await bus.subscribe('order.events')).next();
    await bus.dispose();
    expect(await waiting).toEqual({ value: undefined, done: true });
    bus.publish('order.events', anAdvance('late'));
    expect(bus.isConnected()).toBe(false);
    const late = await bus.subscribe('order.events');
    expect((await late.next()).done).toBe(true);
    await bus.dispose();
  });
}

const ACCOUNT: AccountId = trusted(parseAccountId, 'acc-1');
const DEPTH: MarketDepth = {
  symbol: 'BTC-USDT' as InstrumentSymbol,
  sequence: '9007199254740993',
  bids: [['64000.10', '0.00001000']],
  asks: [['64000.11', '123456789012.12345678']],
  receivedAtMs: 1_700_000_000_123,
  suspended: false,
  status: 'TRADING',
};

/** An event of the test account; only its sequence matters. */
export function anAdvance(sequence: string): StreamAdvance<unknown> {
  return { streamId: ACCOUNT, sequence, event: { text: 'ä "quoted"' } };
}

/** Reads this many signals, which must all be messages. @returns their sequences */
export async function sequencesOf(
  subscription: BusSubscription<StreamAdvance<unknown>>,
  count: number,
): Promise<readonly string[]> {
  const sequences: string[] = [];
  while (sequences.length < count) {
    const { value } = await subscription.next();
    sequences.push(sequenceOf(value) ?? value?.kind ?? 'end');
  }
  return sequences;
}

function sequenceOf(signal: BusSignal<StreamAdvance<unknown>> | undefined): string | undefined {
  return signal?.kind === 'message' ? signal.message.sequence : undefined;
}

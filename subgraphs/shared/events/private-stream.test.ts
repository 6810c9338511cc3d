import { describe, expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import { MemoryEventBus } from './memory-event-bus.ts';
import {
  privateStream,
  type PrivateStreamItem,
  type PrivateStreamOptions,
  type StoredEvent,
} from './private-stream.ts';
import { SendingTurns } from './sending-turns.ts';
import { encodeStreamCursor } from './stream-cursor.ts';

const ACCOUNT = 'acc1' as AccountId;
const TOPIC = 'balance.events';

/** A store and its bus, as one owner writes them: first the store, then the bus. */
class Owner {
  readonly bus = new MemoryEventBus();
  readonly stored: StoredEvent[] = [];
  reads = 0;
  /** What the times of its events begin with: another one after a restored backup. */
  era = 'e';

  /** Commits the next event and publishes it on the bus, unless the message is to be lost. */
  commit(options: { readonly isLost?: boolean } = {}): void {
    const sequence = BigInt(this.stored.length + 1);
    this.stored.push({ sequence, event: { at: `${this.era}${sequence}` } });
    if (options.isLost !== true) this.tell(sequence);
  }

  tell(sequence: bigint, streamId = ACCOUNT): void {
    this.bus.publish(TOPIC, {
      streamId,
      sequence: `${sequence}`,
      event: { at: `${this.era}${sequence}` },
    });
  }

  open(
    options: Partial<Pick<PrivateStreamOptions<string>, 'after' | 'heartbeatMs' | 'takeTurn'>> = {},
  ) {
    return privateStream({
      topic: TOPIC,
      streamId: ACCOUNT,
      bus: this.bus,
      clock: { now: () => 7 },
      heartbeatMs: 60_000,
      ...options,
      store: {
        snapshot: () => Promise.resolve({ sequence: BigInt(this.stored.length), snapshot: 'all' }),
        lastSequence: () => Promise.resolve(this.stored.at(-1)?.sequence ?? 0n),
        readEvents: (after, limit) => {
          this.reads += 1;
          return Promise.resolve(
            this.stored.filter((event) => event.sequence > after).slice(0, limit),
          );
        },
      },
    });
  }
}

const cursorOf = (sequence: bigint) =>
  encodeStreamCursor({ topic: TOPIC, streamId: ACCOUNT }, { sequence, at: null });

async function take(
  stream: AsyncIterator<PrivateStreamItem<string>, undefined>,
  count: number,
): Promise<string[]> {
  const seen: string[] = [];
  while (seen.length < count) {
    const result = await stream.next();
    if (result.done === true) return [...seen, 'end'];
    seen.push(describeItem(result.value));
  }
  return seen;
}

function describeItem(item: PrivateStreamItem<string>): string {
  switch (item.kind) {
    case 'snapshot':
      return `snapshot ${item.sequence}`;
    case 'event':
      return `event ${item.sequence} ${(item.event as { at: string }).at}`;
    case 'resumed':
      return `resumed ${item.afterSequence} +${item.replayed}`;
    case 'gap':
      return `gap ${item.fromSequence}..${item.toSequence}`;
    case 'heartbeat':
      return `heartbeat ${item.sequence} at ${item.serverTimeMs}`;
  }
}

describe('private stream', () => {
  it('begins with a snapshot and goes on with each later event', async () => {
    const owner = new Owner();
    owner.commit();
    const stream = owner.open();
    expect(await take(stream, 1)).toEqual(['snapshot 1']);
    owner.commit();
    owner.tell(9n, 'other' as AccountId);
    owner.commit();
    expect(await take(stream, 2)).toEqual(['event 2 e2', 'event 3 e3']);
    await stream.return(undefined);
  });

  it('does not repeat what the snapshot already holds', async () => {
    const owner = new Owner();
    const stream = owner.open();
    const first = take(stream, 1);
    owner.commit();
    expect(await first).toEqual(['snapshot 1']);
    owner.tell(1n);
    owner.commit();
    expect(await take(stream, 1)).toEqual(['event 2 e2']);
    await stream.return(undefined);
  });

  it('goes on after a cursor: resumed, the stored events, the live ones', async () => {
    const owner = new Owner();
    for (let n = 0; n < 3; n += 1) owner.commit();
    const stream = owner.open({ after: cursorOf(1n) });
    expect(await take(stream, 3)).toEqual(['resumed 1 +2', 'event 2 e2', 'event 3 e3']);
    owner.commit();
    expect(await take(stream, 1)).toEqual(['event 4 e4']);
    await stream.return(undefined);
  });

  it('reads the store when the bus skips a sequence, and tells nothing twice', async () => {
    const owner = new Owner();
    const stream = owner.open();
    await take(stream, 1);
    owner.commit({ isLost: true });
    owner.commit();
    owner.commit();
    expect(await take(stream, 3)).toEqual(['event 1 e1', 'event 2 e2', 'event 3 e3']);
    owner.commit();
    expect(await take(stream, 1)).toEqual(['event 4 e4']);
    await stream.return(undefined);
  });

  it('finds a message that the bus lost in silence, before it sends a heartbeat', async () => {
    const owner = new Owner();
    const stream = owner.open({ heartbeatMs: 5 });
    await take(stream, 1);
    owner.commit({ isLost: true });
    expect(await take(stream, 2)).toEqual(['event 1 e1', 'heartbeat 1 at 7']);
    await stream.return(undefined);
  });

  it('says that a cursor is too old and begins again with a snapshot', async () => {
    const owner = new Owner();
    for (let n = 0; n < 5; n += 1) owner.commit();
    owner.stored.splice(0, 3);
    const stream = owner.open({ after: cursorOf(1n) });
    expect((await take(stream, 2)).map((line) => line.split(' ')[0])).toEqual(['gap', 'snapshot']);
    await stream.return(undefined);
  });

  it.each([2, 3, 4])(
    'begins again after a cursor from before a backup was restored that has got to %d events',
    async (count) => {
      const owner = new Owner();
      for (let n = 0; n < 2; n += 1) owner.commit();
      const stream = owner.open();
      const items = [await stream.next()];
      owner.commit();
      items.push(await stream.next());
      await stream.return(undefined);
      const begin = async (item: (typeof items)[number], length: number) => {
        const after = item.value !== undefined && 'cursor' in item.value ? item.value.cursor : '';
        const resumed = owner.open({ after });
        const seen = await take(resumed, length);
        await resumed.return(undefined);
        return seen.map((line) => line.split(' ')[0]);
      };
      for (const item of items) expect(await begin(item, 1)).toEqual(['resumed']);
      owner.stored.splice(1);
      owner.era = 'f';
      while (owner.stored.length < count) owner.commit();
      for (const item of items) expect(await begin(item, 2)).toEqual(['gap', 'snapshot']);
    },
  );

  const OF_ANOTHER = encodeStreamCursor(
    { topic: TOPIC, streamId: 'b' as AccountId },
    { sequence: 1n, at: null },
  );
  it.each(['', 'nonsense', OF_ANOTHER])('refuses the cursor %j at once', (after) => {
    expect(() => new Owner().open({ after })).toThrow('not a cursor of this stream');
  });

  it('ends while it waits, and leaves no subscription behind', async () => {
    const owner = new Owner();
    const stream = owner.open();
    await take(stream, 1);
    const waiting = take(stream, 1);
    await stream.return(undefined);
    expect(await waiting).toEqual(['end']);
    owner.commit();
    expect(await take(stream, 1)).toEqual(['end']);
  });

  it('ends before it began without listening at all', async () => {
    const owner = new Owner();
    const stream = owner.open();
    await stream.return(undefined);
    expect(await take(stream, 1)).toEqual(['end']);
    expect(owner.reads).toBe(0);
  });

  it('waits until the snapshots of its user before it have been sent, and gives its turn up', async () => {
    const owner = new Owner();
    for (let n = 0; n < 501; n += 1) owner.commit();
    const turns = new SendingTurns();
    const open = (user: string, after?: string) =>
      owner.open({ ...(after ? { after } : {}), takeTurn: () => turns.take(user) });
    const [first, left, second, third] = [open('a'), open('a'), open('a'), open('a', cursorOf(0n))];
    const order: string[] = [];
    const note = async (name: string, stream: ReturnType<typeof open>) =>
      order.push(`${name} ${(await take(stream, 1)).join()}`);
    await note('first', first);
    await note('third', third);
    const waiting = [note('left', left), note('second', second)];
    await note('of another user', open('b'));
    await note('short', open('a', cursorOf(500n)));
    expect(order).toEqual([
      'first snapshot 501',
      'third resumed 0 +501',
      'of another user snapshot 501',
      'short resumed 500 +1',
    ]);
    waiting.push(note('third', third));
    const next = first.next(); // so the first was sent
    const leaving = left.return(undefined);
    await waiting[1];
    expect(order.slice(4)).toEqual(['left end', 'second snapshot 501']);
    await second.return(undefined);
    await Promise.all(waiting);
    expect(order.slice(6)).toEqual(['third event 1 e1']);
    await Promise.all([leaving, first.return(undefined), third.return(undefined), next]);
  });

  it('replays page by page, so that the others of its user, and everybody else, have a turn between', async () => {
    const owner = new Owner();
    for (let n = 0; n < 1000; n += 1) owner.commit();
    const turns = new SendingTurns();
    const open = () => owner.open({ after: cursorOf(0n), takeTurn: () => turns.take('a') });
    const [one, other] = [open(), open()];
    expect((await take(one, 501)).at(-1)).toBe('event 500 e500');
    expect(await take(other, 1)).toEqual(['resumed 0 +1000']);
    const order: string[] = [];
    const note = async (name: string, stream: ReturnType<typeof open>, count: number) =>
      order.push(`${name} ${(await take(stream, count)).at(-1)}`);
    const page = note('other', other, 500);
    const waiting = note('one', one, 1); // so its page was sent
    await page;
    const last = other.next();
    await waiting;
    expect(order).toEqual(['other event 500 e500', 'one event 501 e501']);
    await one.return(undefined);
    await Promise.all([last, other.return(undefined)]);
  });
});

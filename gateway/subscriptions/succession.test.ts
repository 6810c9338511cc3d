// A busy stream of changes, whose log is soon too long for late joiners: they begin a stream of
// their own, and everybody continues on it.
import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composedQueryGraph } from '../fixtures/composed-schema.ts';
import { SubscriptionHub } from './fan-out.ts';
import { FlushSchedule } from './writing/flush-schedule.ts';
import { normalizeSubscription } from './normalized-subscription.ts';
import type { SourceListener } from './source-event-stream.ts';
import { planSubscription } from './subscription-plan.ts';

const graph = composedQueryGraph();
/** Two results of one stream. */
const PLANS = ['', ' __typename'].map((more) => {
  const text = `subscription { orderBookChanged(symbol: "A") {
    ... on OrderBookUpdate { sequence } ... on StreamGap { reason }${more}
  } }`;
  return planSubscription(graph, normalizeSubscription(graph.apiSchema, parse(text), null));
});
/** Two of them are more than is kept for late joiners. */
const WIDE = 'x'.repeat(40_000);

/** An event in the form in which the gateway asks for it. */
interface BookEvent {
  readonly __typename: string;
  readonly deskgraph_sequence?: string;
  readonly previous?: number;
}

/** A book, and streams of it that are each delivered at a time of their own. */
class TestBook {
  readonly streams: BookStream[] = [];
  #sequence = 1;

  /** The process in which streams are opened from now on. */
  process = {};

  open(listener: SourceListener): () => void {
    const stream = new BookStream(listener, this.#sequence, this.process);
    this.streams.push(stream);
    return () => void (stream.isOpen = false);
  }

  /** A change within the followed depth, or outside. */
  change(isWithin: boolean): void {
    this.#sequence += 1;
    if (isWithin) for (const stream of this.streams) stream.note(this.#sequence);
  }

  /** The connection that carries all of them breaks. */
  lose(): void {
    for (const stream of this.open_) stream.lose();
  }

  get open_(): readonly BookStream[] {
    return this.streams.filter(({ isOpen }) => isOpen);
  }
}

class BookStream {
  isOpen = true;
  readonly #listener: SourceListener;
  readonly #process: object;
  readonly #waiting: BookEvent[];
  #last: number;

  constructor(listener: SourceListener, sequence: number, process: object) {
    this.#listener = listener;
    this.#process = process;
    this.#last = sequence;
    this.#waiting = [{ __typename: 'OrderBookSnapshot', deskgraph_sequence: `${sequence}` }];
  }

  note(sequence: number): void {
    const event = { __typename: 'OrderBookUpdate', previous: this.#last, wide: WIDE };
    this.#last = sequence;
    this.#waiting.push({ ...event, deskgraph_sequence: `${sequence}` });
  }

  /** What its subgraph says when nothing happens. */
  beat(): void {
    const deskgraph_sequence = `${this.#last}`;
    this.#waiting.push({ __typename: 'StreamHeartbeat', deskgraph_sequence });
  }

  lose(): void {
    this.isOpen = false;
    this.#listener.lost();
  }

  deliver(count: number): void {
    for (const event of this.#waiting.splice(0, count))
      if (this.isOpen) this.#listener.next({ data: { orderBookChanged: event } }, this.#process);
  }
}

/** A client that follows the links from change to change. */
class Follower {
  at: number | null = null;
  gaps = 0;
  readonly faults: string[] = [];
  leave: () => void = () => {};

  send({ text }: { readonly text: string }): void {
    const { data } = JSON.parse(text.slice(0, -1)) as { data: { orderBookChanged: BookEvent } };
    const { __typename, deskgraph_sequence, previous } = data.orderBookChanged;
    if (__typename === 'StreamHeartbeat') return;
    this.gaps += __typename === 'StreamGap' ? 1 : 0;
    if (__typename === 'OrderBookUpdate' && previous !== this.at)
      this.faults.push(`after ${this.at} came one after ${previous}`);
    this.at = Number(deskgraph_sequence);
  }

  end(): void {
    this.faults.push('ended');
  }

  fail(): void {
    this.faults.push('failed');
  }
}

function aBook(groupsPerPrincipal = 1000, isReady = () => Promise.resolve()) {
  const book = new TestBook();
  const hub = new SubscriptionHub({
    groupsPerPrincipal,
    lingerMs: 0,
    schedule: new FlushSchedule(),
    sources: { open: (_request, listener) => book.open(listener), stop: () => {} },
    hydrate: async (_recipient, event) => {
      await isReady();
      return { data: event.data ?? null };
    },
  });
  const join = (which: number) => {
    const follower = new Follower();
    const [plan = PLANS[0]] = PLANS.slice(which);
    if (plan === undefined) throw new Error('there are plans');
    const viewer = { kind: 'anonymous', scopes: ['market:read'] } as const;
    const [variables = {}] = plan.subscription.variablesOfStreams({});
    follower.leave = hub.subscribe({ plan, variables, viewer, principal: 'x' }, follower);
    return follower;
  };
  return { book, hub, join };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
/** What is waited for in each of many runs is there at once. */
const OFTEN = { interval: 1 };
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('change'), of: fc.nat(3) }) },
  { weight: 6, arbitrary: fc.record({ does: fc.constant('deliver'), of: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('join'), of: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('leave'), of: fc.nat(7) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('beat'), of: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('settle'), of: fc.constant(0) }) },
);

describe('a stream of changes whose log is too long', () => {
  it('is one again after the next change, however often it is joined', async () => {
    const { book, hub, join } = aBook(2);
    const followers = [];
    const change = async () => {
      book.change(true);
      for (const stream of book.streams) stream.deliver(9);
      await settled();
    };
    for (let count = 0; count < 20; count += 1) {
      followers.push(join(0));
      for (let changes = 0; changes < 5; changes += 1) await change();
      expect(book.open_).toHaveLength(1);
    }
    expect(book.streams).toHaveLength(20);
    expect(followers.flatMap(({ faults }) => faults)).toEqual([]);
    expect(new Set(followers.map(({ at }) => at)).size).toBe(1);
    for (const { leave } of followers) leave();
    await expect.poll(() => hub.counts).toEqual({ streams: 0, groups: 0, members: 0 });
    expect(book.open_).toEqual([]);
  });

  it('stays apart from one of another process, which counts its changes from another beginning', async () => {
    const { book, hub, join } = aBook();
    const change = async () => {
      book.change(true);
      for (const stream of book.streams) stream.deliver(9);
      await settled();
    };
    const first = join(0);
    for (let changes = 0; changes < 5; changes += 1) await change();
    book.process = {};
    const second = join(0);
    for (let changes = 0; changes < 5; changes += 1) await change();
    expect(book.open_).toHaveLength(2);
    expect([...first.faults, ...second.faults]).toEqual([]);
    first.leave();
    second.leave();
    await expect.poll(() => hub.counts).toEqual({ streams: 0, groups: 0, members: 0 });
  });

  it('is one again after its connection was lost while it was two', async () => {
    const { book, join } = aBook();
    const followers = [join(0)];
    const deliver = async () => {
      for (const stream of book.streams) stream.deliver(9);
      await settled();
    };
    for (let changes = 0; changes < 5; changes += 1) {
      book.change(true);
      await deliver();
    }
    book.change(true); // only the second stream knows of it
    followers.push(join(0));
    book.streams[1]?.deliver(1);
    await settled();
    book.lose();
    await expect.poll(() => book.open_.length).toBe(2);
    await deliver();
    expect(book.open_).toHaveLength(1);
    book.change(true);
    await deliver();
    expect(followers.map(({ at, gaps, faults }) => [at, gaps, faults])).toEqual([
      [8, 1, []],
      [8, 1, []],
    ]);
  });

  it('lets nobody continue in a stream of another process before the gap is reported', async () => {
    let held: Promise<void> | null = null;
    const { book, join } = aBook(1000, () => held ?? Promise.resolve());
    const first = join(0);
    for (let changes = 0; changes < 5; changes += 1) {
      book.change(true);
      book.streams[0]?.deliver(9);
      await settled();
    }
    let release = () => {};
    held = new Promise((resolve) => (release = resolve));
    book.change(true);
    book.streams[0]?.deliver(1); // takes long
    held = null;
    book.lose();
    book.process = {};
    await expect.poll(() => book.streams.length).toBe(2);
    book.streams[1]?.deliver(1);
    const second = join(0);
    book.streams[2]?.deliver(1); // as far by the count of the other process
    await settled();
    release();
    await settled();
    expect(book.open_).toHaveLength(1);
    expect([first, second].map(({ at, gaps, faults }) => [at, gaps, faults])).toEqual([
      [7, 1, []],
      [7, 0, []],
    ]);
  });

  it('breaks no chain of changes and leaves nothing open, whatever arrives in which order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 120 }), async (steps) => {
        const { book, hub, join } = aBook();
        const followers: Follower[] = [];
        for (const { does, of } of steps) {
          const { length } = book.streams;
          const stream = length === 0 ? undefined : book.streams[of % length];
          const deeds: Readonly<Record<string, () => unknown>> = {
            change: () => book.change(of > 0),
            deliver: () => stream?.deliver(1 + (of % 3)),
            beat: () => stream?.beat(),
            join: () => followers.push(join(of)),
            leave: () => followers.splice(of, 1)[0]?.leave(),
            settle: settled,
          };
          await deeds[does]?.();
          expect(followers.flatMap(({ faults }) => faults)).toEqual([]);
        }
        for (let round = 0; round < 3; round += 1) {
          book.change(true);
          for (const stream of book.streams) stream.deliver(Infinity);
          await settled();
        }
        expect(followers.flatMap(({ faults }) => faults)).toEqual([]);
        const isFollowed = followers.length > 0;
        // One that nobody follows stays open for a moment.
        if (isFollowed) await expect.poll(() => book.open_.length, OFTEN).toBe(1);
        expect(new Set(followers.map(({ at }) => at)).size).toBe(isFollowed ? 1 : 0);
        for (const { leave } of followers) leave();
        await expect.poll(() => hub.counts, OFTEN).toEqual({ streams: 0, groups: 0, members: 0 });
      }),
      { numRuns: 150 },
    );
  });
});

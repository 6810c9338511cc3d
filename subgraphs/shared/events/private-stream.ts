import type { Clock } from '#shared/domain/clock.ts';
import { closableStream } from './closable-stream.ts';
import type { BusSubscription, EventBus } from './event-bus.ts';
import { PatientReader } from './patient-reader.ts';
import type { SendingTurn } from './sending-turns.ts';
import {
  encodeStreamCursor,
  parseStreamCursor,
  type StreamIdentity,
  type StreamPosition,
} from './stream-cursor.ts';
import type { StreamAdvance, Topics } from './topics.ts';

/** How long a private stream can be silent before it sends its sequence. */
export const HEARTBEAT_MS = 5000;
const PAGE_SIZE = 500;

/** An event as the owner's store has it; `event` is the JSON that is also on the bus, with its time as text in `at`. */
export interface StoredEvent {
  readonly sequence: bigint;
  readonly event: unknown;
}

/**
 * What a private stream needs of the owner's store: that is the truth, and the bus only announces
 * it.
 */
export interface PrivateStreamStore<Snapshot> {
  /** The state and the sequence of its last event, both of one moment. */
  snapshot(): Promise<{ readonly sequence: bigint; readonly snapshot: Snapshot }>;
  /** Events with a higher sequence than this, oldest first, at most `limit`. */
  readEvents(afterSequence: bigint, limit: number): Promise<readonly StoredEvent[]>;
  /** The sequence of the last event; 0 before the first. */
  lastSequence(): Promise<bigint>;
}

/** The items of a private stream, in this order: a beginning, then events. */
export type PrivateStreamItem<Snapshot> =
  | {
      readonly kind: 'snapshot';
      readonly snapshot: Snapshot;
      readonly sequence: bigint;
      readonly cursor: string;
    }
  | { readonly kind: 'resumed'; readonly afterSequence: bigint; readonly replayed: number }
  | {
      readonly kind: 'event';
      readonly event: unknown;
      readonly sequence: bigint;
      readonly cursor: string;
    }
  /** What was between the two is no longer kept, or the first one itself is of a history that is lost; a snapshot follows. */
  | { readonly kind: 'gap'; readonly fromSequence: bigint; readonly toSequence: bigint }
  | { readonly kind: 'heartbeat'; readonly sequence: bigint; readonly serverTimeMs: number };

/** What a private stream is about, and what it reads. */
export interface PrivateStreamOptions<Snapshot> extends StreamIdentity {
  readonly bus: EventBus;
  readonly store: PrivateStreamStore<Snapshot>;
  /** The cursor to continue after; null or absent begins with a snapshot. */
  readonly after?: string | null | undefined;
  readonly clock: Clock;
  /**
   * Waits for the turn to send a snapshot, or each page of stored events if they are more than one;
   * omitted if there is never so much to send.
   */
  readonly takeTurn?: () => Promise<SendingTurn>;
  readonly heartbeatMs?: number;
}

/**
 * A private stream: a snapshot (or, after a cursor, `resumed` and the stored events), then every
 * event once and in order. It listens before it reads, and reads the store wherever the bus may
 * have lost something, so nothing is missed and nothing comes twice.
 *
 * Nothing is opened before the first `next()`; `return()` releases everything, even while waiting.
 * @throws DomainError BAD_USER_INPUT at once if `after` is not a cursor of this stream
 */
export function privateStream<Snapshot>(
  options: PrivateStreamOptions<Snapshot>,
): AsyncGenerator<PrivateStreamItem<Snapshot>, undefined> {
  const after = options.after == null ? null : parseStreamCursor(options, options.after);
  const source = new ClosableSource(options);
  return closableStream(new StreamReader(options).items(source, after), () => source.close());
}

type OwnSignal = { readonly kind: 'advance'; readonly stored: StoredEvent } | { kind: 'gap' };

/** The stream's own subscription to the bus. Closing it ends a reader that waits inside. */
class ClosableSource {
  readonly #bus: EventBus;
  readonly #identity: StreamIdentity;
  #subscription: BusSubscription<Topics[StreamIdentity['topic']]> | null = null;
  #isClosed = false;

  constructor(options: StreamIdentity & { readonly bus: EventBus }) {
    this.#bus = options.bus;
    this.#identity = options;
  }

  /** Subscribes. @returns null if the source was closed in the meantime */
  async open(): Promise<AsyncIterator<OwnSignal, undefined> | null> {
    if (this.#isClosed) return null;
    const { topic, streamId } = this.#identity;
    const subscription = await this.#bus.subscribe(
      topic,
      (advance) => advance.streamId === streamId,
    );
    this.#subscription = subscription;
    // A waiting generator cannot be ended from outside; ending the subscription wakes it.
    if (this.#isClosed) await subscription.return?.();
    return ownSignals(subscription);
  }

  /** Whether nobody reads it any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#subscription?.return?.();
  }
}

async function* ownSignals(
  subscription: BusSubscription<StreamAdvance<unknown>>,
): AsyncGenerator<OwnSignal, undefined> {
  for await (const signal of subscription)
    if (signal.kind === 'gap') yield signal;
    else {
      const { sequence, event } = signal.message;
      yield { kind: 'advance', stored: { sequence: BigInt(sequence), event } };
    }
  return undefined;
}

/**
 * One reading of a private stream; `#last` is the sequence of the last event given to the reader.
 */
class StreamReader<Snapshot> {
  readonly #options: PrivateStreamOptions<Snapshot>;
  #last = 0n;

  constructor(options: PrivateStreamOptions<Snapshot>) {
    this.#options = options;
  }

  async *items(
    source: ClosableSource,
    after: StreamPosition | null,
  ): AsyncGenerator<PrivateStreamItem<Snapshot>, undefined> {
    try {
      const signals = await source.open();
      if (signals === null) return undefined;
      if (after === null) yield* this.#snapshot(source);
      else yield* this.#resume(source, after);
      yield* this.#live(source, new PatientReader(signals));
      return undefined;
    } finally {
      await source.close();
    }
  }

  async *#live(source: ClosableSource, reader: PatientReader<OwnSignal>) {
    const { clock, heartbeatMs = HEARTBEAT_MS } = this.#options;
    for (;;) {
      const signal = await reader.read(heartbeatMs);
      if (signal === 'silent') {
        // The bus can lose a message without noticing, so a silence is checked against the store
        // before it is reported.
        const before = this.#last;
        yield* this.#catchUp(source);
        if (this.#last === before)
          yield { kind: 'heartbeat', sequence: before, serverTimeMs: clock.now() } as const;
      } else if (signal.done === true) return;
      else if (signal.value.kind === 'gap') yield* this.#catchUp(source);
      else if (signal.value.stored.sequence === this.#last + 1n)
        yield this.#event(signal.value.stored);
      else if (signal.value.stored.sequence > this.#last) yield* this.#catchUp(source);
    }
  }

  async *#resume(source: ClosableSource, { sequence: after, at }: StreamPosition) {
    const tip = await this.#options.store.lastSequence();
    const near = await this.#options.store.readEvents(sequenceBefore(after), 2);
    const own = near.find(({ sequence }) => sequence === after);
    const oldest = near.find(({ sequence }) => sequence > after);
    const isSame = at === null || own === undefined || timeOf(own) === at;
    const isKept = tip === after || oldest?.sequence === after + 1n;
    if (!isSame || !isKept) {
      yield this.#gap(after, oldest?.sequence ?? tip);
      yield* this.#snapshot(source);
      return;
    }
    yield { kind: 'resumed', afterSequence: after, replayed: Number(tip - after) } as const;
    this.#last = after;
    const takeTurn = tip - after > PAGE_SIZE ? this.#options.takeTurn : undefined;
    if (!(yield* this.#readStored(source, takeTurn))) yield* this.#snapshot(source);
  }

  /** Yields every stored event after the last one, or what replaces them. */
  async *#catchUp(source: ClosableSource): AsyncGenerator<PrivateStreamItem<Snapshot>, void> {
    if (!(yield* this.#readStored(source))) yield* this.#snapshot(source);
  }

  /** Yields every stored event after the last one. @returns false if some are no longer kept */
  async *#readStored(
    source: ClosableSource,
    takeTurn?: () => Promise<SendingTurn>,
  ): AsyncGenerator<PrivateStreamItem<Snapshot>, boolean> {
    for (;;) {
      const left = yield* this.#readPage(source, await takeTurn?.());
      if (left !== 'more') return left === 'nothing';
    }
  }

  /** Yields a page of them, and goes on when it has been sent. @returns what is left after it */
  async *#readPage(
    source: ClosableSource,
    turn: SendingTurn | undefined,
  ): AsyncGenerator<PrivateStreamItem<Snapshot>, 'more' | 'nothing' | 'gap'> {
    try {
      if (source.isClosed) return 'nothing';
      turn?.begin();
      const page = await this.#options.store.readEvents(this.#last, PAGE_SIZE);
      for (const stored of page) {
        if (stored.sequence !== this.#last + 1n) {
          yield this.#gap(this.#last, stored.sequence);
          return 'gap';
        }
        yield this.#event(stored);
      }
      return page.length < PAGE_SIZE ? 'nothing' : 'more';
    } finally {
      turn?.end();
    }
  }

  /** Goes on when the snapshot has been sent. */
  async *#snapshot(source: ClosableSource): AsyncGenerator<PrivateStreamItem<Snapshot>, void> {
    const turn = await this.#options.takeTurn?.();
    try {
      if (source.isClosed) return;
      const { store } = this.#options;
      const { sequence, snapshot } = await store.snapshot();
      this.#last = sequence;
      const [own] = await store.readEvents(sequenceBefore(sequence), 1);
      const at = own?.sequence === sequence ? timeOf(own) : null;
      const cursor = encodeStreamCursor(this.#options, { sequence, at });
      turn?.begin();
      yield { kind: 'snapshot', snapshot, sequence, cursor };
    } finally {
      turn?.end();
    }
  }

  #event(stored: StoredEvent): PrivateStreamItem<Snapshot> {
    const { sequence, event } = stored;
    this.#last = sequence;
    const cursor = encodeStreamCursor(this.#options, { sequence, at: timeOf(stored) });
    return { kind: 'event', event, sequence, cursor };
  }

  #gap(fromSequence: bigint, toSequence: bigint): PrivateStreamItem<Snapshot> {
    return { kind: 'gap', fromSequence, toSequence };
  }
}

function sequenceBefore(sequence: bigint): bigint {
  return sequence > 0n ? sequence - 1n : 0n;
}

function timeOf({ event }: StoredEvent): string | null {
  const { at } = event as { readonly at?: string };
  return at ?? null;
}

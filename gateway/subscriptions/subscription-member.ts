import type { GraphQLError } from 'graphql';
import { assertNever } from '#shared/domain/invariant.ts';
import { NewestSeat } from './writing/newest-seat.ts';
import type { ClientSink } from './writing/client-sink.ts';
import { QueueSeat } from './writing/queue-seat.ts';
import type { JoinableStream, Seat, SeatOptions } from './writing/seat.ts';
import { StreamFailure } from './stream-errors.ts';
import type { Backpressure } from './stream-policy.ts';

type Done = IteratorReturnResult<undefined>;
const DONE: Done = { value: undefined, done: true };

/**
 * One subscription of one client, over the one or several streams it consists of. Events go
 * straight to the sink; the protocol library is handed an iterator that never yields, and learns
 * from it only how the subscription ends.
 */
export class SubscriptionMember {
  readonly #sink: ClientSink;
  readonly #prefix: string;
  readonly #onConflated: (count: number) => void;
  readonly #seats: Seat[] = [];
  readonly #ended: Promise<Done>;
  #resolve: (done: Done) => void = () => {};
  #reject: (failure: StreamFailure) => void = () => {};
  #openStreams = 0;
  #isOver = false;

  constructor(options: {
    readonly sink: ClientSink;
    /** The client's own part of each message, before the part it shares with others. */
    readonly prefix: string;
    readonly onConflated: (count: number) => void;
  }) {
    this.#sink = options.sink;
    this.#prefix = options.prefix;
    this.#onConflated = options.onConflated;
    this.#ended = new Promise<Done>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#ended.catch(() => {}); // it may fail before anyone listens
  }

  /** Joins its streams. @param backpressure of all of them */
  joinAll(streams: readonly JoinableStream[], backpressure: Backpressure): void {
    this.#openStreams = streams.length;
    for (const stream of streams) {
      if (this.#isOver) return;
      const seat = seatOf(backpressure, {
        stream,
        sink: this.#sink,
        prefix: this.#prefix,
        onConflated: this.#onConflated,
        onEnd: () => this.#endOne(),
        onFail: (errors) => this.#fail(errors),
      });
      this.#seats.push(seat);
      seat.open();
    }
  }

  /** What the protocol library holds; its `return()` means that the client leaves. */
  iterator(): AsyncIterableIterator<never, undefined> {
    const iterator: AsyncIterableIterator<never, undefined> = {
      next: () => this.#ended,
      return: () => {
        this.#leaveAll();
        this.#resolve(DONE);
        return Promise.resolve(DONE);
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  #endOne(): void {
    this.#openStreams -= 1;
    if (this.#openStreams > 0 || this.#isOver) return;
    this.#leaveAll();
    this.#resolve(DONE);
  }

  #fail(errors: readonly GraphQLError[]): void {
    if (this.#isOver) return;
    this.#leaveAll();
    this.#reject(new StreamFailure(errors));
  }

  #leaveAll(): void {
    this.#isOver = true;
    for (const seat of this.#seats.splice(0)) seat.close();
  }
}

function seatOf(backpressure: Backpressure, options: SeatOptions): Seat {
  switch (backpressure) {
    case 'newest':
      return new NewestSeat(options);
    case 'restart':
    case 'end':
      return new QueueSeat(options, backpressure);
    default:
      return assertNever(backpressure, 'seatOf');
  }
}

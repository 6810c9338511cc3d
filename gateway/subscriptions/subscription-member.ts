import type { GraphQLError } from 'graphql';
import { ownText } from './frame.ts';
import type { Member } from './group.ts';
import type { Outbox } from './outbox.ts';
import { slowConsumer, StreamFailure } from './stream-errors.ts';

type Done = IteratorReturnResult<undefined>;
const DONE: Done = { value: undefined, done: true };

/**
 * One subscription of one client, over the one or several streams it consists of. Events go straight
 * to the outbox; the protocol library is handed an iterator that never yields, and learns from it
 * only how the subscription ends.
 */
export class SubscriptionMember implements Member {
  readonly #outbox: Outbox;
  readonly #prefix: string;
  readonly #leaves: (() => void)[] = [];
  readonly #ended: Promise<Done>;
  #resolve: (done: Done) => void = () => {};
  #reject: (failure: StreamFailure) => void = () => {};
  #openStreams = 0;
  #isOver = false;

  /** @param id the client's own, any text */
  constructor(outbox: Outbox, id: string) {
    this.#outbox = outbox;
    this.#prefix = ownText(id);
    this.#ended = new Promise<Done>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#ended.catch(() => {}); // it may fail before anybody listens
  }

  /** Joins streams. @param joins each makes this a member of one and answers how to leave it */
  joinAll(joins: readonly ((member: Member) => () => void)[]): void {
    this.#openStreams = joins.length;
    for (const join of joins) {
      if (this.#isOver) return;
      const leave = join(this);
      if (this.#isOver) leave();
      else this.#leaves.push(leave);
    }
  }

  send(text: string): void {
    if (this.#isOver) return;
    if (this.#outbox.isFull) this.fail([slowConsumer()]);
    else this.#outbox.append(this.#prefix + text);
  }

  end(): void {
    this.#openStreams -= 1;
    if (this.#openStreams > 0 || this.#isOver) return;
    this.#leaveAll();
    this.#resolve(DONE);
  }

  fail(errors: readonly GraphQLError[]): void {
    if (this.#isOver) return;
    this.#leaveAll();
    this.#reject(new StreamFailure(errors));
  }

  /** What the protocol library holds on to; its `return()` is the client's leaving. */
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

  #leaveAll(): void {
    this.#isOver = true;
    for (const leave of this.#leaves.splice(0)) leave();
  }
}

import type { GraphQLError } from 'graphql';
import type { Waiting } from './backlog.ts';
import type { Frame } from './frame.ts';
import type { Member } from '../group.ts';
import type { ClientSink } from './client-sink.ts';
import { slowConsumer } from '../stream-errors.ts';
import type { Gap } from '../stream-gap.ts';

/** One stream that a subscription consists of. */
export interface JoinableStream {
  /** Joins it. @returns a function that leaves */
  join(member: Member): () => void;
  /** The frame that reports a loss to this client; null if it did not ask for gaps. */
  gapText(gap: Gap): Promise<string | null>;
}

/** What a seat is made from. */
export interface SeatOptions {
  readonly stream: JoinableStream;
  readonly sink: ClientSink;
  /** The client's own part of each message. */
  readonly prefix: string;
  /** Frames that it was not sent, because a newer state took their place. */
  readonly onConflated: (count: number) => void;
  readonly onEnd: () => void;
  readonly onFail: (errors: readonly GraphQLError[]) => void;
}

/** One client's place in one stream; its kind decides what happens while the client is behind. */
export abstract class Seat implements Member, Waiting {
  protected readonly options: SeatOptions;
  protected isClosed = false;
  /** Whether it is in its stream, or about to be. */
  #isIn = false;
  #leave: () => void = () => {};
  #lastSequence: string | null = null;
  /** Whether the stream has ended after what is held. */
  #isEnding = false;

  constructor(options: SeatOptions) {
    this.options = options;
  }

  abstract send(frame: Frame): void;
  abstract resume(): void;
  abstract wait(nowMs: number): void;

  /** Takes the place, or takes it again; frames can arrive at once. */
  open(): void {
    this.#isIn = true;
    const leave = this.options.stream.join(this);
    if (this.#isIn) this.#leave = leave;
    else leave(); // for what came at once
  }

  /** Ends when the client has been sent what is held for it. */
  end(): void {
    this.#isEnding = true;
    if (!this.isHolding) this.endWhenDue();
  }

  fail(errors: readonly GraphQLError[]): void {
    if (!this.isClosed) this.options.onFail(errors);
  }

  /** Gives the place up for good, with all that is held. */
  close(): void {
    this.isClosed = true;
    this.options.sink.backlog.delete(this);
    this.leave();
  }

  /** Whether earlier frames are still held, so that a new one must wait. */
  protected abstract get isHolding(): boolean;

  /** Call it when nothing is held any longer. */
  protected endWhenDue(): void {
    if (!this.#isEnding || this.isClosed) return;
    this.close();
    this.options.onEnd();
  }

  /** Leaves the stream. */
  protected leave(): void {
    this.#isIn = false;
    this.#leave();
    this.#leave = () => {};
  }

  /** Writes a frame, whether or not the client is behind. */
  protected write(frame: Frame, isUrgent = false): void {
    this.options.sink.append(frame.text, this.options.prefix, isUrgent);
    if (frame.sequence !== null) this.#lastSequence = frame.sequence;
  }

  /** Reports to the client that it missed something. @returns false if it did not ask for that */
  protected async tellOfLoss(toSequence: string | null): Promise<boolean> {
    const { stream, sink, prefix } = this.options;
    const fromSequence = this.#lastSequence;
    try {
      const text = await stream.gapText({ reason: 'SLOW_CONSUMER', fromSequence, toSequence });
      if (text !== null && !this.isClosed) sink.append(text, prefix);
      return text !== null;
    } catch {
      this.fail([slowConsumer()]);
      return false;
    }
  }
}

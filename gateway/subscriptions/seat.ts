import type { GraphQLError } from 'graphql';
import type { Waiting } from './backlog.ts';
import type { Frame } from './frame.ts';
import type { Member } from './group.ts';
import type { ClientSink } from './client-sink.ts';
import { slowConsumer } from './stream-errors.ts';
import type { Gap } from './stream-gap.ts';

/** One stream that a subscription consists of. */
export interface JoinableStream {
  /** Makes a member of it. @returns leave */
  join(member: Member): () => void;
  /** What tells this client of a loss; null when it did not ask to be told. */
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

/** One client's place in one stream; what it does while the client is behind is its kind. */
export abstract class Seat implements Member, Waiting {
  protected readonly options: SeatOptions;
  protected isClosed = false;
  #leave: () => void = () => {};
  #lastSequence: string | null = null;
  /** Whether the stream has ended behind what is held. */
  #isEnding = false;

  constructor(options: SeatOptions) {
    this.options = options;
  }

  abstract send(frame: Frame): void;
  abstract resume(): void;
  abstract wait(nowMs: number): void;

  /** Takes the place, again where it was left; frames may come at once. */
  open(): void {
    const leave = this.options.stream.join(this);
    if (this.isClosed) leave();
    else this.#leave = leave;
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

  /** Whether frames are held that came before whatever comes now. */
  protected abstract get isHolding(): boolean;

  /** To be called when nothing is held any more. */
  protected endWhenDue(): void {
    if (!this.#isEnding || this.isClosed) return;
    this.close();
    this.options.onEnd();
  }

  /** Leaves the stream. */
  protected leave(): void {
    this.#leave();
    this.#leave = () => {};
  }

  /** Writes a frame, whether or not the client is behind. */
  protected write(frame: Frame, isUrgent = false): void {
    this.options.sink.append(frame.text, this.options.prefix, isUrgent);
    if (frame.sequence !== null) this.#lastSequence = frame.sequence;
  }

  /** Tells the client that it missed something. @returns false if it did not ask for that */
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

import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import type { FlushSchedule } from './flush-schedule.ts';
import type { Frame } from './frame.ts';
import type { SourceEvent } from './source-event-stream.ts';
import { streamInterrupted } from './stream-errors.ts';

/** The most events that wait for the rest of an earlier one. */
const MAX_WAITING_EVENTS = 1000;
/**
 * How much of a stream of deltas is kept for late joiners; far less than a client can take at once.
 */
const MAX_LOG_BYTES = 64 * 1024;

/** One subscription's place in a group. */
export interface Member {
  /** Takes a frame at once; never throws. */
  send(frame: Frame): void;
  end(): void;
  fail(errors: readonly GraphQLError[]): void;
}

/** What one group is. */
export interface GroupOptions {
  /** Makes an event into a masked result. */
  readonly resolve: (event: SourceEvent) => Promise<FormattedExecutionResult>;
  readonly frameOf: (event: SourceEvent, result: FormattedExecutionResult) => Frame;
  /**
   * What a late joiner is sent first: the last frame that is a state, or everything since the
   * snapshot.
   */
  readonly memory: 'nothing' | 'lastState' | 'all';
  readonly schedule: FlushSchedule;
  /** Told when its last member has left; it may be told more than once. */
  readonly onEmpty: () => void;
}

type Step =
  | { readonly kind: 'event'; readonly event: SourceEvent }
  /** An event after which nothing is known until `restart`. */
  | { readonly kind: 'gap'; readonly event: SourceEvent }
  | { readonly kind: 'restart' }
  | { readonly kind: 'end' }
  | { readonly kind: 'fail'; readonly errors: readonly GraphQLError[] };

/**
 * All subscriptions that get the same bytes. An event is resolved once, in its turn, serialized
 * once, and its text is handed to every member.
 */
export class Group {
  readonly #options: GroupOptions;
  readonly #members = new Set<Member>();
  /** Work to be done, in order. */
  #steps: Step[] = [];
  #isBusy = false;
  #isOver = false;
  /** The frames a late joiner is sent first; null if they are too many to keep. */
  #kept: Frame[] | null = [];
  #keptBytes = 0;
  /** The turn of the last frame. */
  #turn = -1;

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  /** The number of members. */
  get size(): number {
    return this.#members.size;
  }

  /**
   * Whether a new member would get everything it is owed: not after the end, nor after too long a
   * log.
   */
  get isJoinable(): boolean {
    return !this.#isOver && this.#kept !== null;
  }

  /** Adds a member and sends it what it missed, in one turn: nothing is lost or doubled. */
  join(member: Member): void {
    this.#members.add(member);
    for (const frame of this.#kept ?? []) member.send(frame);
  }

  /** Takes a member out. */
  leave(member: Member): void {
    this.#members.delete(member);
    if (this.#members.size === 0) this.#options.onEmpty();
  }

  /** Takes the stream's next event. */
  deliver(event: SourceEvent): void {
    if (this.#steps.length >= MAX_WAITING_EVENTS) {
      this.#steps = [];
      this.#take({ kind: 'fail', errors: [streamInterrupted()] });
    } else this.#take({ kind: 'event', event });
  }

  /** Reports a gap, which is also all that late joiners are sent until `restart`. */
  breakOff(gap: SourceEvent): void {
    this.#take({ kind: 'gap', event: gap });
  }

  /** Forgets what late joiners would be sent: the next event is a snapshot again. */
  restart(): void {
    this.#take({ kind: 'restart' });
  }

  /** Ends it for all members, after the events that came before. */
  end(): void {
    this.#take({ kind: 'end' });
  }

  /** Ends it with errors for all members, after the events that came before. */
  fail(errors: readonly GraphQLError[]): void {
    this.#take({ kind: 'fail', errors });
  }

  #take(step: Step): void {
    if (this.#isOver) return;
    this.#steps.push(step);
    if (!this.#isBusy) void this.#takeAll();
  }

  async #takeAll(): Promise<void> {
    this.#isBusy = true;
    for (let step = this.#steps.shift(); step !== undefined; step = this.#steps.shift()) {
      if (step.kind !== 'event' && step.kind !== 'gap') this.#do(step);
      else
        await this.#options.resolve(step.event).then(
          (result) => this.#publish(this.#options.frameOf(step.event, result), step.kind),
          () => this.#do({ kind: 'fail', errors: [streamInterrupted()] }),
        );
    }
    this.#isBusy = false;
  }

  #do(step: Exclude<Step, { kind: 'event' | 'gap' }>): void {
    if (step.kind === 'restart') return this.#keepOnly();
    this.#isOver = true;
    this.#steps = [];
    const members = [...this.#members];
    this.#members.clear();
    for (const member of members)
      if (step.kind === 'end') member.end();
      else member.fail(step.errors);
  }

  #publish(frame: Frame, kind: 'event' | 'gap'): void {
    if (this.#isOver) return;
    if (kind === 'gap') this.#keepOnly(frame);
    else this.#keep(frame);
    const { schedule } = this.#options;
    if (this.#turn === schedule.turn) schedule.noteRepetition();
    this.#turn = schedule.turn;
    for (const member of this.#members) member.send(frame);
  }

  #keepOnly(...frames: Frame[]): void {
    this.#kept = this.#options.memory === 'nothing' ? [] : frames;
    this.#keptBytes = 0;
  }

  #keep(frame: Frame): void {
    const { memory } = this.#options;
    if (memory === 'lastState') {
      if (frame.isState) this.#kept = [frame];
    } else if (memory === 'all' && this.#kept !== null) {
      this.#kept.push(frame);
      this.#keptBytes += frame.text.length;
      if (this.#keptBytes > MAX_LOG_BYTES) this.#kept = null;
    }
  }
}

import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import type { FlushSchedule } from './writing/flush-schedule.ts';
import type { Frame } from './writing/frame.ts';
import { FETCHED_AT_ONCE } from './hydrate-event.ts';
import { GroupSteps, type Step, type Worth } from './group-steps.ts';
import type { SourceEvent } from './source-event-stream.ts';
import { streamInterrupted } from './stream-errors.ts';
import { HEARTBEAT } from './stream-position.ts';
import type { Room } from './waiting-room.ts';

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
  /** Whether that asks other subgraphs, and so can take longer than the next event. */
  readonly isSlow: () => boolean;
  /** Room for the events that wait for the rest of an earlier one. */
  readonly room: Room;
  readonly frameOf: (event: SourceEvent, result: FormattedExecutionResult) => Frame;
  /**
   * What a late joiner is sent first: the last frame that is a state and the heartbeat after it, or
   * everything since the snapshot.
   */
  readonly memory: 'nothing' | 'lastState' | 'all';
  /**
   * Reports that states before this one were left out; null if the stream's operation does not ask
   * for that. Null if every event counts.
   */
  readonly lossBefore: ((state: SourceEvent) => SourceEvent | null) | null;
  /** Told how many frames were left out with these states. */
  readonly onConflated: (count: number) => void;
  readonly schedule: FlushSchedule;
  /**
   * Told once when nobody is left of those who joined it, wherever they have moved. Null for a group that is kept ready for the members of another.
   */
  readonly onEmpty: (() => void) | null;
  /** Told when its last member has left; it may be told more than once. */
  readonly onLeft: () => void;
  /** Told after each frame. */
  readonly onPublished: () => void;
}

type EventStep = Extract<Step, { kind: 'event' | 'gap' }>;

/**
 * All subscriptions that get the same bytes. An event is resolved once, in its turn, serialized
 * once, and its text is handed to every member.
 */
export class Group {
  readonly #options: GroupOptions;
  /** With the group that each is in now, which its function to leave looks up. */
  readonly #members = new Map<Member, { group: Group }>();
  readonly #steps: GroupSteps;
  #isBusy = false;
  /** The results of events that were begun before their turn; null if one failed. */
  readonly #begun = new WeakMap<Step, Promise<FormattedExecutionResult | null>>();
  #isOver = false;
  /** The frames a late joiner is sent first; null if they are too many to keep. */
  #kept: Frame[] | null = [];
  #keptBytes = 0;
  /** The turn of the last frame. */
  #turn = -1;
  /** Where its members are in the stream; null if the last frame does not show it. */
  #sequence: string | null = null;
  /** Whose sequence that is. */
  #process: object | undefined;
  /** Told when it is empty; null for one that is kept ready for the members of another. */
  #onEmpty: (() => void) | null;

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#steps = new GroupSteps(options.room);
    this.#onEmpty = options.onEmpty;
  }

  /** Whether nothing more happens in it. */
  get isOver(): boolean {
    return this.#isOver;
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

  /**
   * Adds a member and sends it what it missed, in one turn: nothing is lost or doubled.
   * @returns takes it out, wherever it has moved
   */
  join(member: Member): () => void {
    const place: { group: Group } = { group: this };
    this.#members.set(member, place);
    for (const frame of this.#kept ?? []) member.send(frame);
    return () => place.group.#leave(member);
  }

  /** Keeps nothing for late joiners: it began after its stream. */
  keepNothing(): void {
    this.#kept = null;
  }

  /**
   * Whether the members of both are at the same place of streams of the same operation, by the
   * count of one process: what they have is the same, and what follows.
   */
  isLevelWith(other: Group): boolean {
    if (other.#isOver || this.#process !== other.#process) return false;
    return this.#sequence !== null && this.#sequence === other.#sequence;
  }

  /** Lets all members continue in a group that is level with this one. */
  moveTo(other: Group): void {
    this.drop();
    for (const [member, place] of this.#members) {
      place.group = other;
      other.#members.set(member, place);
    }
    this.#members.clear();
    if (other.#onEmpty === null) other.#onEmpty = this.#onEmpty;
    else this.#onEmpty?.();
  }

  /**
   * Takes the stream's next event. States that have waited too long for other subgraphs when a
   * newer one arrives are left out: they show a market that is gone. If too much waits for them
   * without that, the stream breaks off. What asks no other subgraph takes no room: others may share
   * it, and what its founder's other streams wait for is none of theirs.
   * @param process that it came from
   * @param size of the event on its way, in bytes
   */
  deliver(event: SourceEvent, worth: Worth, process?: object, size = 0): void {
    const sinceMs = performance.now();
    const bytes = this.#options.isSlow() ? size : 0;
    if (worth === 'state' && this.#steps.length > 0) this.#leaveOutBefore(event, sinceMs);
    if (this.#take({ kind: 'event', event, worth, sinceMs, process, bytes })) return;
    this.#steps.clear();
    this.#take({ kind: 'fail', errors: [streamInterrupted()] });
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

  /** Forgets what it still has to do: nobody is left, and nobody can join it. */
  drop(): void {
    this.#isOver = true;
    this.#steps.clear();
  }

  #leave(member: Member): void {
    this.#members.delete(member);
    if (this.#members.size > 0) return;
    this.#onEmpty?.();
    this.#onEmpty = null;
    this.#options.onLeft();
  }

  /** @returns false if there is no room for it */
  #take(step: Step): boolean {
    if (this.#isOver) return true;
    if (!this.#steps.add(step)) return false;
    if (!this.#isBusy) void this.#takeAll();
    else this.#beginNext();
    return true;
  }

  /**
   * Begins to complete what follows the event that is being completed, if all of it counts: a slow
   * part of one holds back those after it no longer than that. As many are completed at once as one
   * principal's can be.
   */
  #beginNext(): void {
    if (!this.#options.isSlow()) return;
    for (const step of this.#steps.next(FETCHED_AT_ONCE - 1))
      if (step.kind === 'event' && step.worth === 'lasting')
        this.#begun.set(step, this.#resultOf(step));
  }

  #resultOf(step: EventStep): Promise<FormattedExecutionResult | null> {
    return this.#begun.get(step) ?? this.#options.resolve(step.event).catch(() => null);
  }

  #leaveOutBefore(state: SourceEvent, sinceMs: number): void {
    const { isSlow, lossBefore, onConflated } = this.#options;
    if (lossBefore === null || !isSlow()) return;
    const count = this.#steps.dropReplaced(sinceMs);
    if (count === 0) return;
    onConflated(count * this.#members.size);
    const loss = lossBefore(state);
    const ours = { process: undefined, bytes: 0 };
    if (loss !== null)
      this.#take({ kind: 'event', event: loss, worth: 'passing', sinceMs, ...ours });
  }

  async #takeAll(): Promise<void> {
    this.#isBusy = true;
    for (let step = this.#steps.take(); step !== undefined; step = this.#steps.take()) {
      if (step.kind === 'event' || step.kind === 'gap') await this.#complete(step);
      else this.#do(step);
      this.#steps.done(step);
    }
    this.#isBusy = false;
  }

  async #complete(step: EventStep): Promise<void> {
    const begun = this.#resultOf(step);
    this.#beginNext();
    const result = await begun;
    if (result === null) this.#do({ kind: 'fail', errors: [streamInterrupted()] });
    else this.#publish(this.#options.frameOf(step.event, result), step);
  }

  #do(step: Exclude<Step, { kind: 'event' | 'gap' }>): void {
    if (step.kind === 'restart') return this.#keepOnly();
    this.drop();
    const members = [...this.#members.keys()];
    this.#members.clear();
    for (const member of members)
      if (step.kind === 'end') member.end();
      else member.fail(step.errors);
    if (members.length === 0) this.#options.onLeft();
  }

  #publish(frame: Frame, step: EventStep): void {
    if (this.#isOver) return;
    if (step.kind === 'gap') this.#keepOnly(frame);
    else this.#keep(frame);
    const { schedule } = this.#options;
    if (this.#turn === schedule.turn) schedule.noteRepetition();
    this.#turn = schedule.turn;
    this.#sequence = frame.sequence;
    this.#process = step.kind === 'event' ? step.process : undefined;
    for (const member of this.#members.keys()) member.send(frame);
    this.#options.onPublished();
  }

  /** What shows a late joiner that the state before it is no longer fresh. */
  #keepHeartbeat(frame: Frame): void {
    const others = (this.#kept ?? []).filter(({ type }) => type !== HEARTBEAT);
    this.#kept = [...others, frame];
  }

  #keepOnly(...frames: Frame[]): void {
    this.#kept = this.#options.memory === 'nothing' ? [] : frames;
    this.#keptBytes = 0;
  }

  #keep(frame: Frame): void {
    const { memory } = this.#options;
    if (memory === 'lastState') {
      if (frame.isState) this.#kept = [frame];
      else if (frame.type === HEARTBEAT) this.#keepHeartbeat(frame);
    } else if (memory === 'all' && this.#kept !== null) {
      this.#kept.push(frame);
      this.#keptBytes += frame.text.length;
      if (this.#keptBytes > MAX_LOG_BYTES) this.#kept = null;
    }
  }
}

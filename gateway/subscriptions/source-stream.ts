import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import type { FlushSchedule } from './writing/flush-schedule.ts';
import { type Frame, sharedText } from './writing/frame.ts';
import { Group, type GroupOptions, type Member } from './group.ts';
import type { Worth } from './group-steps.ts';
import { LatestEvents } from './latest-events.ts';
import { type StreamPolicy, worthOf } from './stream-policy.ts';
import type {
  SourceEvent,
  SourceEventStreams,
  SourceListener,
  SourceRequest,
} from './source-event-stream.ts';
import { streamInterrupted, streamUnavailable } from './stream-errors.ts';
import { type Gap, gapEvent } from './stream-gap.ts';
import { positionOf } from './stream-position.ts';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2000;
/** A stream without its source is given up after this time. */
const PATIENCE_MS = 60_000;

/** A stream's operation, and what its owner is notified of. */
export interface SourceStreamOptions {
  readonly sources: SourceEventStreams;
  readonly request: SourceRequest;
  readonly policy: StreamPolicy;
  /** Whether others may join it. */
  readonly isShared: boolean;
  /** Whether a newer state makes up for earlier ones, so that they need not be completed. */
  readonly isNewestEnough: boolean;
  /** Told how many frames no member gets, because a newer state took their place. */
  readonly onConflated: (count: number) => void;
  readonly responseName: string;
  readonly instrumentSymbol: string | null;
  readonly schedule: FlushSchedule;
  /** How long it stays open when nobody is left; a page that reloads returns within that time. */
  readonly lingerMs: number;
  /**
   * The stream is over, closed or can no longer be joined; called once, with the older stream whose
   * members have not moved to it yet.
   */
  readonly onOver: (older: SourceStream | null) => void;
}

/** What a group is made from that is its own. */
export type GroupParts = Pick<GroupOptions, 'resolve' | 'isSlow' | 'room' | 'onEmpty'>;

/**
 * One operation at a subgraph and the groups of clients that use it. Open while there is a member,
 * and a little longer.
 */
export class SourceStream implements SourceListener {
  readonly #options: SourceStreamOptions;
  readonly #groups = new Map<string, Group>();
  readonly #parts = new Map<string, GroupParts>();
  /** A newer stream of the same operation, to which the members move as soon as both are level. */
  #successor: SourceStream | null = null;
  #predecessor: SourceStream | null = null;
  #close: () => void = () => {};
  readonly #latest = new LatestEvents();
  #isStarted = false;
  #isOver = false;
  #lostAtMs: number | null = null;
  /** The gap that is reported until the stream continues. */
  #gap: SourceEvent | null = null;
  #retryMs = FIRST_RETRY_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SourceStreamOptions) {
    this.#options = options;
  }

  /** Opens it. */
  open(): void {
    this.#close = this.#options.sources.open(this.#options.request, this);
  }

  /** Live groups and their members. */
  get counts(): { readonly groups: number; readonly members: number } {
    const groups = [...this.#groups.values()];
    return { groups: groups.length, members: groups.reduce((sum, { size }) => sum + size, 0) };
  }

  /**
   * Whether a client that joins the group now would be sent everything that a first frame must
   * hold.
   */
  canJoin(groupKey: string): boolean {
    if (!this.#options.isShared || this.#isOver) return false;
    const group = this.#groups.get(groupKey);
    if (group !== undefined) return group.isJoinable;
    return !this.#isStarted || this.#options.policy.kind === 'states';
  }

  /** Whether this group has a member. */
  hasGroup(groupKey: string): boolean {
    return this.#groups.has(groupKey);
  }

  /** Adds a member to a group, making the group if there is none. @returns removes it */
  join(groupKey: string, parts: GroupParts, member: Member): () => void {
    if (this.#lostAtMs === null) clearTimeout(this.#timer);
    const group = this.#groups.get(groupKey) ?? this.#addGroup(groupKey, parts);
    return group.join(member);
  }

  /**
   * Takes over the members of an older stream of the same operation, which late joiners cannot join
   * any more: once both are at the same sequence of one process, what follows is the same for all. So
   * however often a busy stream is joined, there is soon one again.
   */
  succeed(older: SourceStream): void {
    older.#successor = this;
    this.#predecessor = older;
    for (const [groupKey, parts] of older.#parts)
      if (!this.#groups.has(groupKey)) this.#addGroup(groupKey, { ...parts, onEmpty: null });
  }

  /** Closes it silently. */
  stop(): void {
    if (this.#isOver) return;
    this.#close();
    this.#end();
  }

  next(event: SourceEvent, process?: object, bytes?: number): void {
    this.#isStarted = true;
    this.#lostAtMs = null;
    if (this.#gap !== null) for (const group of this.#groups.values()) group.restart();
    this.#gap = null;
    this.#retryMs = FIRST_RETRY_MS;
    const worth = this.#worthOf(event);
    this.#latest.note(event, worth);
    for (const group of this.#groups.values()) group.deliver(event, worth, process, bytes);
  }

  failed(errors: readonly GraphQLError[]): void {
    this.#finish((group) => group.fail(errors));
  }

  completed(): void {
    this.#finish((group) => group.end());
  }

  /**
   * A shared stream opens again by itself, and members that ask for gaps get one; private streams
   * end, because only their client knows where to continue.
   */
  lost(): void {
    if (this.#isOver) return;
    const now = performance.now();
    const isFirst = this.#lostAtMs === null;
    this.#lostAtMs ??= now;
    if (!this.#isStarted && isFirst) return this.failed([streamUnavailable()]);
    if (!this.#options.isShared || now - this.#lostAtMs > PATIENCE_MS)
      return this.failed([streamInterrupted()]);
    if (isFirst) this.#tellOfGap();
    if (this.#groups.size === 0) return this.stop();
    this.#timer = setTimeout(() => this.open(), this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
  }

  #tellOfGap(): void {
    this.#isStarted = false;
    this.#latest.forget();
    this.#gap = this.#gapEvent({ reason: 'FAILOVER' });
    for (const [key, group] of this.#groups) {
      if (this.#gap !== null) group.breakOff(this.#gap);
      else {
        this.#forget(key);
        group.fail([streamInterrupted()]);
      }
    }
  }

  #addGroup(groupKey: string, parts: GroupParts): Group {
    const group: Group = new Group({
      ...parts,
      onLeft: () => this.#noteEmpty(groupKey, group),
      onPublished: () => {
        this.#moveOn(groupKey);
        if (this.#predecessor !== null) this.#predecessor.#moveOn(groupKey);
      },
      frameOf: (event, result) => this.#frameOf(event, result),
      memory: this.#memory(),
      lossBefore: this.#options.isNewestEnough ? (state) => this.#lossBefore(state) : null,
      onConflated: this.#options.onConflated,
      schedule: this.#options.schedule,
    });
    this.#groups.set(groupKey, group);
    this.#parts.set(groupKey, parts);
    if (this.#isStarted && this.#options.policy.kind === 'deltas') group.keepNothing();
    if (this.#gap !== null) group.breakOff(this.#gap);
    else for (const event of this.#latest.all) group.deliver(event, this.#worthOf(event));
    return group;
  }

  #memory(): GroupOptions['memory'] {
    if (!this.#options.isShared) return 'nothing';
    return this.#options.policy.kind === 'states' ? 'lastState' : 'all';
  }

  #frameOf(event: SourceEvent, result: FormattedExecutionResult): Frame {
    const position = positionOf(event, this.#options.responseName);
    return { text: sharedText(result), isState: this.#worthOf(event) === 'state', ...position };
  }

  #worthOf(event: SourceEvent): Worth {
    const { policy, responseName } = this.#options;
    return worthOf(policy, positionOf(event, responseName).type);
  }

  #lossBefore(state: SourceEvent): SourceEvent | null {
    const { sequence: toSequence } = positionOf(state, this.#options.responseName);
    return this.#gapEvent({ reason: 'SLOW_CONSUMER', toSequence });
  }

  #gapEvent(gap: Gap): SourceEvent | null {
    const { request, instrumentSymbol } = this.#options;
    return gapEvent(request.query, request.variables, { instrumentSymbol, ...gap });
  }

  #becomeIdle(): void {
    clearTimeout(this.#timer);
    if (!this.#options.isShared || this.#lostAtMs !== null) this.stop();
    else this.#timer = setTimeout(() => this.stop(), this.#options.lingerMs);
  }

  #finish(tell: (group: Group) => void): void {
    if (this.#isOver) return;
    const groups = [...this.#groups.values()];
    this.#end();
    for (const group of groups) tell(group);
  }

  #noteEmpty(groupKey: string, group: Group): void {
    // Kept ready for the members of the older stream.
    const older = this.#predecessor;
    if (!group.isOver && older !== null && older.#groups.has(groupKey)) return;
    group.drop();
    if (this.#groups.get(groupKey) === group) this.#forget(groupKey);
    if (this.#groups.size === 0) this.#becomeIdle();
  }

  /** Moves the members of a group to the newer stream, if it is level with this one. */
  #moveOn(groupKey: string): void {
    const group = this.#groups.get(groupKey);
    const newer = this.#successor;
    const next = newer === null ? undefined : newer.#groups.get(groupKey);
    if (group === undefined || next === undefined || !group.isLevelWith(next)) return;
    this.#forget(groupKey);
    group.moveTo(next);
    if (this.#groups.size === 0) this.stop();
  }

  #forget(groupKey: string): void {
    this.#groups.delete(groupKey);
    this.#parts.delete(groupKey);
  }

  /** Nothing more happens here. */
  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#groups.clear();
    this.#parts.clear();
    this.#options.onOver(this.#unlink());
  }

  /** The streams before and after it know each other from now on. @returns the one before it */
  #unlink(): SourceStream | null {
    const [older, newer] = [this.#predecessor, this.#successor];
    this.#predecessor = null;
    this.#successor = null;
    if (older !== null) older.#successor = null;
    if (newer !== null) newer.#predecessor = null;
    if (older !== null && newer !== null) newer.succeed(older);
    else if (newer !== null) newer.#dropEmpty();
    return older;
  }

  /** Ends the groups that were kept ready for members who did not come. */
  #dropEmpty(): void {
    for (const [groupKey, group] of this.#groups)
      if (group.size === 0) {
        group.drop();
        this.#forget(groupKey);
      }
    if (this.#groups.size === 0) this.#becomeIdle();
  }
}

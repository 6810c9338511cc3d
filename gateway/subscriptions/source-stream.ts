import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import type { FlushSchedule } from './flush-schedule.ts';
import { type Frame, sharedText } from './frame.ts';
import { Group, type GroupOptions, type Member } from './group.ts';
import type { StreamPolicy } from './stream-policy.ts';
import type {
  SourceEvent,
  SourceEventStreams,
  SourceListener,
  SourceRequest,
} from './source-event-stream.ts';
import { streamInterrupted, streamUnavailable } from './stream-errors.ts';
import { gapEvent } from './stream-gap.ts';
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
  readonly responseName: string;
  readonly instrumentSymbol: string | null;
  readonly schedule: FlushSchedule;
  /** How long it stays open when nobody is left; a page that reloads returns within that time. */
  readonly lingerMs: number;
  /** The stream is over, closed or can no longer be joined; called once. */
  readonly onOver: () => void;
}

/** What a group is made from that is its own. */
export type GroupParts = Pick<GroupOptions, 'resolve' | 'onEmpty'>;

/**
 * One operation at a subgraph and the groups of clients that use it. Open while there is a member,
 * and a little longer.
 */
export class SourceStream implements SourceListener {
  readonly #options: SourceStreamOptions;
  readonly #groups = new Map<string, Group>();
  #close: () => void = () => {};
  #lastState: SourceEvent | null = null;
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
    group.join(member);
    return () => {
      group.leave(member);
      if (group.size > 0) return;
      if (this.#groups.get(groupKey) === group) this.#groups.delete(groupKey);
      if (this.#groups.size === 0) this.#becomeIdle();
    };
  }

  /** Closes it silently. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#close();
    this.#options.onOver();
  }

  next(event: SourceEvent): void {
    this.#isStarted = true;
    this.#lostAtMs = null;
    if (this.#gap !== null) for (const group of this.#groups.values()) group.restart();
    this.#gap = null;
    this.#retryMs = FIRST_RETRY_MS;
    if (this.#isState(event)) this.#lastState = event;
    for (const group of this.#groups.values()) group.deliver(event);
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
    this.#lastState = null;
    const { request, instrumentSymbol } = this.#options;
    this.#gap = gapEvent(request.query, request.variables, {
      reason: 'FAILOVER',
      instrumentSymbol,
    });
    for (const [key, group] of this.#groups) {
      if (this.#gap !== null) group.breakOff(this.#gap);
      else {
        this.#groups.delete(key);
        group.fail([streamInterrupted()]);
      }
    }
  }

  #addGroup(groupKey: string, parts: GroupParts): Group {
    const group = new Group({
      ...parts,
      frameOf: (event, result) => this.#frameOf(event, result),
      memory: this.#memory(),
      schedule: this.#options.schedule,
    });
    this.#groups.set(groupKey, group);
    if (this.#gap !== null) group.breakOff(this.#gap);
    else if (this.#lastState !== null) group.deliver(this.#lastState);
    return group;
  }

  #memory(): GroupOptions['memory'] {
    if (!this.#options.isShared) return 'nothing';
    return this.#options.policy.kind === 'states' ? 'lastState' : 'all';
  }

  #frameOf(event: SourceEvent, result: FormattedExecutionResult): Frame {
    const position = positionOf(event, this.#options.responseName);
    return { text: sharedText(result), isState: this.#isState(event), ...position };
  }

  #isState(event: SourceEvent): boolean {
    const { policy, responseName } = this.#options;
    return policy.kind === 'states' && policy.types.includes(positionOf(event, responseName).type);
  }

  #becomeIdle(): void {
    clearTimeout(this.#timer);
    if (!this.#options.isShared || this.#lostAtMs !== null) this.stop();
    else this.#timer = setTimeout(() => this.stop(), this.#options.lingerMs);
  }

  #finish(tell: (group: Group) => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#options.onOver();
    const groups = [...this.#groups.values()];
    this.#groups.clear();
    for (const group of groups) tell(group);
  }
}

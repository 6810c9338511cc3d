import { holds } from '#shared/identity/permission.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import { canonicalJson } from './canonical-json.ts';
import { Places } from './connection-limits.ts';
import type { FlushSchedule } from './writing/flush-schedule.ts';
import { sharedText } from './writing/frame.ts';
import type { Member } from './group.ts';
import type { HydrateEvent, Recipient } from './hydrate-event.ts';
import { LivePlans } from './live-plans.ts';
import type { Variables } from './normalized-subscription.ts';
import type { SourceEvent, SourceEventStreams } from './source-event-stream.ts';
import { SourceStream } from './source-stream.ts';
import { tooManyStreams } from './stream-errors.ts';
import { type Gap, gapEvent } from './stream-gap.ts';
import { backpressureOf, instrumentOf } from './stream-policy.ts';
import type { SubscriptionPlan } from './subscription-plan.ts';
import { WaitingRooms } from './waiting-room.ts';

const LINGER_MS = 1000;
/**
 * The most groups that one principal can have begun. Each costs memory, and work with every event;
 * those who join it later cost nothing more.
 */
const GROUPS_PER_PRINCIPAL = 1000;
/** Public data is fetched in the gateway's own name, never in that of the first subscriber. */
const GATEWAY: Viewer = { kind: 'service', name: 'gateway' };

/** One client's request for one stream. */
export interface Wish {
  readonly plan: SubscriptionPlan;
  /** The variables of this stream, coerced. */
  readonly variables: Variables;
  readonly viewer: Viewer;
  /** The user or address to which a stream or group that is begun for it is counted. */
  readonly principal: string;
}

/**
 * Shares the streams: one operation at a subgraph for all clients that want the same of it, one
 * result for all that may see the same. Sharing follows identity: what is not public has streams
 * and results of its own, in the viewer's own name.
 */
export class SubscriptionHub {
  readonly #sources: SourceEventStreams;
  readonly #hydrate: HydrateEvent;
  readonly #schedule: FlushSchedule;
  readonly #lingerMs: number;
  readonly #onConflated: (count: number) => void;
  readonly #places: Places;
  readonly #rooms: WaitingRooms;
  /** The streams that can be joined, by their operations. */
  readonly #shared = new Map<string, SourceStream>();
  readonly #streams = new Set<SourceStream>();
  readonly #plans = new LivePlans();

  constructor(options: {
    readonly sources: SourceEventStreams;
    readonly hydrate: HydrateEvent;
    readonly schedule: FlushSchedule;
    readonly lingerMs?: number;
    /** Told how many frames nobody gets, because a newer state took their place. */
    readonly onConflated?: (count: number) => void;
    readonly groupsPerPrincipal?: number;
    /** How much of one principal's events waits for other subgraphs. */
    readonly waitingBytesPerPrincipal?: number;
  }) {
    this.#sources = options.sources;
    this.#hydrate = options.hydrate;
    this.#schedule = options.schedule;
    this.#lingerMs = options.lingerMs ?? LINGER_MS;
    this.#onConflated = options.onConflated ?? (() => {});
    this.#places = new Places(options.groupsPerPrincipal ?? GROUPS_PER_PRINCIPAL);
    this.#rooms = new WaitingRooms(options.waitingBytesPerPrincipal);
  }

  /** Counts of what is live now; all zero if nobody is connected. */
  get counts(): { readonly streams: number; readonly groups: number; readonly members: number } {
    const counts = [...this.#streams].map((stream) => stream.counts);
    const sum = (of: 'groups' | 'members') => counts.reduce((total, count) => total + count[of], 0);
    return { streams: counts.length, groups: sum('groups'), members: sum('members') };
  }

  /**
   * Adds a member to its group; its first frame, or its failure, can arrive at once.
   * @returns a function that leaves
   */
  subscribe(wish: Wish, member: Member): () => void {
    const failure = this.#plans.lookAgain(wish);
    if (failure !== null) {
      member.fail([failure]);
      return () => {};
    }
    const { plan, variables, viewer } = wish;
    const sharing = sharingOf(wish);
    const asks = pick(variables, plan.primary.variableUsages ?? []);
    const inWhoseName = sharing === 'everybody' ? GATEWAY : viewer;
    const streamKey = canonicalJson([
      plan.subgraph,
      plan.primary.operation,
      asks,
      identityOf(inWhoseName),
    ]);
    const recipient = recipientOf(wish);
    // Not by the version: groups that outlive a reload of the schema have plans of the current one.
    const groupKey = canonicalJson([
      ...[plan.subscription.source, variables, identityOf(recipient.viewer)],
      recipient.viewer === GATEWAY ? null : wish.principal,
    ]);
    const shared = sharing === 'nobody' ? undefined : this.#shared.get(streamKey);
    const known = shared?.canJoin(groupKey) ? shared : undefined;
    const onEmpty = known?.hasGroup(groupKey) ? () => {} : this.#places.take(wish.principal);
    if (onEmpty === null) {
      member.fail([tooManyStreams()]);
      return () => {};
    }
    const source = { ...wish, variables: asks, viewer: inWhoseName };
    const stream = known ?? this.#add(streamKey, source, sharing);
    const resolve = (event: SourceEvent) =>
      this.#hydrate({ ...recipient, plan: this.#plans.currentOf(plan) }, event);
    const isSlow = () => this.#plans.currentOf(plan).hasFetches;
    const room = this.#rooms.of(wish.principal);
    const leaves = [
      this.#plans.add(wish, member),
      stream.join(groupKey, { resolve, isSlow, room, onEmpty }, member),
    ];
    if (stream !== known) {
      if (shared !== undefined && plan.subscription.policy.kind === 'deltas')
        stream.succeed(shared);
      stream.open();
    }
    return () => leaves.forEach((leave) => leave());
  }

  /** Switches to another version of the schema; subscriptions that it changes end. */
  reload(graph: QueryGraph): void {
    this.#plans.reload(graph);
  }

  /**
   * The text of the frame that reports a loss to one client alone.
   * @returns null if its selection does not ask for gaps
   */
  async gapText(wish: Wish, gap: Gap): Promise<string | null> {
    const { subscription, primary } = wish.plan;
    const instrumentSymbol = instrumentOf(subscription.argumentsOf(wish.variables));
    const event = gapEvent(primary.operation, wish.variables, { instrumentSymbol, ...gap });
    const recipient = { ...recipientOf(wish), plan: this.#plans.currentOf(wish.plan) };
    return event === null ? null : sharedText(await this.#hydrate(recipient, event));
  }

  /** Closes every stream. */
  stop(): void {
    for (const stream of this.#streams) stream.stop();
    this.#sources.stop();
  }

  #add(streamKey: string, { plan, variables, viewer }: Wish, sharing: Sharing): SourceStream {
    const { subscription, subgraph, primary } = plan;
    const isShared = sharing !== 'nobody';
    const args = subscription.argumentsOf(variables);
    const stream: SourceStream = new SourceStream({
      sources: this.#sources,
      request: { subgraph, query: primary.operation, variables, viewer },
      policy: subscription.policy,
      isShared,
      isNewestEnough: backpressureOf(subscription.policy, args) === 'newest',
      onConflated: this.#onConflated,
      responseName: subscription.responseName,
      instrumentSymbol: instrumentOf(args),
      schedule: this.#schedule,
      lingerMs: this.#lingerMs,
      onOver: (older) => {
        this.#streams.delete(stream);
        // A newer stream of the same key may have taken its place.
        if (this.#shared.get(streamKey) !== stream) return;
        if (older === null) this.#shared.delete(streamKey);
        else this.#shared.set(streamKey, older);
      },
    });
    this.#streams.add(stream);
    if (isShared) this.#shared.set(streamKey, stream);
    return stream;
  }
}

/** Who can share what a stream delivers. */
type Sharing = 'everybody' | 'sameViewer' | 'nobody';

/**
 * Public streams are shared by everybody. Of private ones, full states are shared among the sockets
 * of one viewer with the very same credential and rights; a stream whose every event counts belongs
 * to one socket.
 */
function sharingOf(wish: Wish): Sharing {
  if (mayShare(wish)) return 'everybody';
  const { plan, viewer } = wish;
  const isState = plan.subscription.policy.kind === 'states';
  return isState && viewer.kind === 'trader' ? 'sameViewer' : 'nobody';
}

function mayShare({ plan, viewer }: Wish): boolean {
  return plan.isStreamPublic && holds(viewer, 'READ_MARKET');
}

/**
 * Who the results of a request are made for. What is made for the viewer takes the principal's
 * turns; without a credential equal viewers are several principals, and share none of it.
 */
function recipientOf(wish: Wish): Recipient {
  const { plan, variables, principal } = wish;
  const viewer = mayShare(wish) && plan.isResultPublic ? GATEWAY : wish.viewer;
  return { plan, variables, viewer, principal };
}

/** Everything about a viewer that can change what it sees. */
function identityOf(viewer: Viewer): unknown {
  switch (viewer.kind) {
    case 'anonymous':
      return ['anonymous', viewer.scopes];
    case 'service':
      return ['service', viewer.name];
    case 'trader':
      return ['trader', viewer.userId, viewer.credential, viewer.scopes, viewer.accounts];
  }
}

function pick(variables: Variables, names: readonly string[]): Variables {
  return Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(variables, name) ? [[name, variables[name]]] : [])),
  );
}

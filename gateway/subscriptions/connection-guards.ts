import { randomUUID } from 'node:crypto';
import type { AccountId, UserId } from '#shared/domain/ids.ts';
import { may } from '#shared/identity/permission.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';

/** How long the order subgraph believes in a connection without another report. */
const LIFE_MS = 10_000;
const TELL_EVERY_MS = 2000;
const TIMEOUT_MS = 2000;
const MOST_GRACE_MS = 10_000;
/** What a client with an invalid `cancelOnDisconnect` reads; short enough for a close frame. */
export const GUARD_RULE = `cancelOnDisconnect must be {"graceMs": 0 to ${MOST_GRACE_MS}, "takeOver": a connectionId}`;
const FIELDS = ['graceMs', 'takeOver'];
const CONNECTION_ID = /^[A-Za-z0-9_.:-]{1,64}$/;
const NORMAL_CLOSURE = 1000;

const GUARD_CONNECTIONS = /* GraphQL */ `
  mutation GuardConnections($connections: [GuardConnectionInput!]!) {
    guardConnections(connections: $connections)
  }
`;

interface GuardData {
  /** False if the user has taken over too many orders. */
  readonly guardConnections: boolean;
}

/** A connection that is reported to the order subgraph. */
interface Told {
  readonly connectionId: string;
  readonly userId: UserId;
  readonly lifeMs: number | null;
  readonly takeOver?: { readonly connectionId: string; readonly accountIds: readonly AccountId[] };
}

/** A connection that has ended. */
interface Ended extends Pick<Told, 'connectionId' | 'userId'> {
  /** When its orders are canceled, as `performance.now()` has it; null if they stay. */
  readonly lostAtMs: number | null;
}

/**
 * What a client asks for in `connection_init`: `cancelOnDisconnect: {graceMs}` cancels the orders
 * that were placed over its socket when the socket is lost.
 */
export interface GuardRequest {
  readonly graceMs: number;
  /** An earlier connection of the user, whose orders the new one guards from now on. */
  readonly takeOver?: string;
}

/** Reads what a client asks for. @returns null for nothing, `malformed` for an invalid value */
export function guardRequestOf(
  params: Readonly<Record<string, unknown>> | undefined,
): GuardRequest | null | 'malformed' {
  const asked = params?.['cancelOnDisconnect'];
  if (asked === undefined || asked === null || asked === false) return null;
  if (asked === true) return { graceMs: 0 };
  if (typeof asked !== 'object' || Object.keys(asked).some((name) => !FIELDS.includes(name)))
    return 'malformed';
  const { graceMs = 0, takeOver = null } = asked as Readonly<Record<string, unknown>>;
  if (!Number.isInteger(graceMs) || (graceMs as number) < 0 || (graceMs as number) > MOST_GRACE_MS)
    return 'malformed';
  const request = { graceMs: graceMs as number };
  if (takeOver === null) return request;
  if (typeof takeOver !== 'string' || !CONNECTION_ID.test(takeOver)) return 'malformed';
  return { ...request, takeOver };
}

/**
 * Reports to the order subgraph, again and again, which of our sockets guard orders. So a socket is
 * lost, and its orders are canceled, whatever fails: the socket, this process or the way between.
 * If the client closes its socket in order, its orders stay.
 */
export class ConnectionGuards {
  readonly #order: SubgraphClient;
  readonly #logger: Logger;
  readonly #guarding = new Map<string, UserId>();
  /** Ended connections, until the order subgraph has received that. */
  readonly #ended = new Set<Ended>();
  #timer: NodeJS.Timeout | null = null;
  /** The reports under way; null if there are none. */
  #reporting: Promise<void> | null = null;
  /** What the next report is about; null if none is due. */
  #due: 'all' | 'ends' | null = null;

  constructor(order: SubgraphClient, logger: Logger) {
    this.#order = order;
    this.#logger = logger;
  }

  /**
   * Lets a connection guard orders from now on, those of an earlier one too if it asks for that: on
   * accounts that its credential can trade on.
   * @returns what to call with its close code when it is closed
   * @throws Error if the order subgraph did not confirm it
   */
  async guard(
    connectionId: string,
    viewer: Trader,
    { graceMs, takeOver }: GuardRequest,
  ): Promise<(code: number) => void> {
    const { userId } = viewer;
    const told = { connectionId, userId, lifeMs: LIFE_MS };
    const from = takeOver === undefined ? null : tradedBy(viewer, takeOver);
    await this.#tell([from === null ? told : { ...told, takeOver: from }]);
    this.#guarding.set(connectionId, userId);
    this.#timer ??= setInterval(() => this.#report('all'), TELL_EVERY_MS).unref();
    return (code) => {
      this.#guarding.delete(connectionId);
      const lostAtMs = code === NORMAL_CLOSURE ? null : performance.now() + graceMs;
      this.#ended.add({ connectionId, userId, lostAtMs });
      this.#report('ends');
    };
  }

  /**
   * Reports nothing more but the ends that are due; what was guarded is lost unless another gateway
   * takes its sockets over.
   */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#guarding.clear();
    await this.#reporting;
  }

  /**
   * One report at a time: an older one that arrived after that of an end would let the order
   * subgraph believe in a lost connection.
   */
  #report(what: 'all' | 'ends'): void {
    if (this.#due !== 'all') this.#due = what;
    this.#reporting ??= this.#reportDue();
  }

  async #reportDue(): Promise<void> {
    while (this.#due !== null) {
      const guarding = this.#due === 'all' ? this.#told() : [];
      this.#due = null;
      const ended = [...this.#ended];
      try {
        await this.#tell([...guarding, ...ended.map(toldOfEnd)]);
        for (const one of ended) this.#ended.delete(one);
      } catch (cause) {
        // The next report repeats it: otherwise a connection that was released would be lost.
        this.#logger.warn(
          { err: cause },
          'could not report guarded connections to the order subgraph',
        );
      }
    }
    this.#reporting = null;
  }

  #told(): readonly Told[] {
    return Array.from(this.#guarding, ([connectionId, userId]) => ({
      connectionId,
      userId,
      lifeMs: LIFE_MS,
    }));
  }

  async #tell(connections: readonly Told[]): Promise<void> {
    if (connections.length === 0) return;
    const { data, errors } = await this.#order.request({
      query: GUARD_CONNECTIONS,
      variables: { connections },
      viewer: { kind: 'service', name: 'gateway' },
      requestId: randomUUID(),
      timeoutMs: TIMEOUT_MS,
    });
    if ((data as GuardData | null | undefined)?.guardConnections !== true)
      throw new Error(`It was refused: ${JSON.stringify(errors ?? 'too many orders taken over')}`);
  }
}

/** What is left of its grace: a report that is repeated gives it no more of that. */
function toldOfEnd({ connectionId, userId, lostAtMs }: Ended): Told {
  const lifeMs = lostAtMs === null ? null : Math.max(0, Math.ceil(lostAtMs - performance.now()));
  return { connectionId, userId, lifeMs };
}

function tradedBy(viewer: Trader, connectionId: string): NonNullable<Told['takeOver']> {
  const accountIds = viewer.accounts.map(({ accountId }) => accountId);
  return { connectionId, accountIds: accountIds.filter((id) => may(viewer, 'TRADE', id)) };
}

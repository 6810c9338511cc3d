import { randomUUID } from 'node:crypto';
import type { UserId } from '#shared/domain/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';

/** How long the order subgraph believes in a connection that it is not told of again. */
const LIFE_MS = 10_000;
const TELL_EVERY_MS = 2000;
const TIMEOUT_MS = 2000;
const MOST_GRACE_MS = 10_000;
const NORMAL_CLOSURE = 1000;

const GUARD_CONNECTIONS = /* GraphQL */ `
  mutation GuardConnections($connections: [GuardConnectionInput!]!) {
    guardConnections(connections: $connections)
  }
`;

/** A connection of which the order subgraph is told. */
interface Told {
  readonly connectionId: string;
  readonly userId: UserId;
  readonly lifeMs: number | null;
}

/**
 * What a client asks for in `connection_init`: `cancelOnDisconnect: {graceMs}` cancels the orders that
 * were placed over its socket when the socket is lost.
 */
export interface GuardRequest {
  readonly graceMs: number;
}

/** Reads the wish of a client. @returns null for none, `malformed` for one that can be none */
export function guardRequestOf(
  params: Readonly<Record<string, unknown>> | undefined,
): GuardRequest | null | 'malformed' {
  const asked = params?.['cancelOnDisconnect'];
  if (asked === undefined || asked === null || asked === false) return null;
  if (asked === true) return { graceMs: 0 };
  if (typeof asked !== 'object' || Object.keys(asked).some((name) => name !== 'graceMs'))
    return 'malformed';
  const { graceMs = 0 } = asked as { readonly graceMs?: unknown };
  if (!Number.isInteger(graceMs) || (graceMs as number) < 0 || (graceMs as number) > MOST_GRACE_MS)
    return 'malformed';
  return { graceMs: graceMs as number };
}

/**
 * Tells the order subgraph which of our sockets are there and guard orders, again and again: whatever
 * becomes of a socket, of this process or of the way between, what is not told of any more is lost, and
 * its orders are canceled. A socket that its client closes in order lets its orders stay.
 */
export class ConnectionGuards {
  readonly #order: SubgraphClient;
  readonly #logger: Logger;
  readonly #guarding = new Map<string, UserId>();
  /** Those that have ended, until the order subgraph has heard of it. */
  readonly #ended = new Set<Told>();
  #timer: NodeJS.Timeout | null = null;

  constructor(order: SubgraphClient, logger: Logger) {
    this.#order = order;
    this.#logger = logger;
  }

  /**
   * Guards by a connection from now on. @returns what to do when it is closed, by its close code
   * @throws Error when the order subgraph did not hear of it: then nothing is guarded
   */
  async guard(
    connectionId: string,
    userId: UserId,
    { graceMs }: GuardRequest,
  ): Promise<(code: number) => void> {
    await this.#tell([{ connectionId, userId, lifeMs: LIFE_MS }]);
    this.#guarding.set(connectionId, userId);
    this.#timer ??= setInterval(() => this.#tellAll(), TELL_EVERY_MS).unref();
    return (code) => {
      this.#guarding.delete(connectionId);
      const end = { connectionId, userId, lifeMs: code === NORMAL_CLOSURE ? null : graceMs };
      this.#ended.add(end);
      this.#tellSoon([end]);
    };
  }

  /** Tells of none any more; what was guarded is lost unless another gateway takes its sockets over. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#guarding.clear();
    this.#ended.clear();
  }

  #tellAll(): void {
    const told = Array.from(this.#guarding, ([connectionId, userId]) => ({
      connectionId,
      userId,
      lifeMs: LIFE_MS,
    }));
    if (told.length + this.#ended.size > 0) this.#tellSoon([...told, ...this.#ended]);
  }

  #tellSoon(connections: readonly Told[]): void {
    this.#tell(connections).catch((cause: unknown) => {
      // The next telling brings it again: a connection that was let go would be lost by itself otherwise.
      this.#logger.warn(
        { err: cause },
        'could not report guarded connections to the order subgraph',
      );
    });
  }

  async #tell(connections: readonly Told[]): Promise<void> {
    const { errors } = await this.#order.request({
      query: GUARD_CONNECTIONS,
      variables: { connections },
      viewer: { kind: 'service', name: 'gateway' },
      requestId: randomUUID(),
      timeoutMs: TIMEOUT_MS,
    });
    if (errors !== undefined) throw new Error(`It was refused: ${JSON.stringify(errors)}`);
    for (const told of connections) this.#ended.delete(told);
  }
}

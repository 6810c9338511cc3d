import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { systemClock } from '#shared/domain/clock.ts';
import { operationBody } from '#shared/identity/operation-body.ts';
import { type PassportKey, signPassport } from '#shared/identity/passport.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { SubgraphClient, type SubgraphAddress } from './subgraph-client.ts';

const SECRET = 'a secret for tests that is long enough';

/** The keys that a subgraph under test accepts. */
export const TEST_PASSPORT_KEYS = [
  { kid: 'gateway.1', secret: SECRET },
  { kid: 'order.1', secret: SECRET },
] as const satisfies readonly PassportKey[];

/** Where the clients of tests call from. */
export const TEST_ORIGIN: ClientOrigin = { address: '198.51.100.7', userAgent: 'test/1' };

/** An answer as GraphQL gives it. */
export interface TestAnswer<Data> {
  readonly data: Data;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly reason?: string };
  }[];
}

/** Speaks to a subgraph as the gateway does, or as the order service for the order service's viewer. */
export class TestSubgraph {
  readonly #name: SubgraphAddress['name'];
  readonly #url: string;
  readonly #clients: Readonly<Record<'gateway' | 'order', SubgraphClient>>;
  readonly #sockets = new Set<Client>();

  constructor(name: SubgraphAddress['name'], url: string) {
    const clientOf = (passportKey: PassportKey) =>
      new SubgraphClient({ name, url, passportKey }, systemClock);
    this.#name = name;
    this.#url = url;
    this.#clients = {
      gateway: clientOf(TEST_PASSPORT_KEYS[0]),
      order: clientOf(TEST_PASSPORT_KEYS[1]),
    };
  }

  /** Sends a query or a mutation. */
  async request<Data>(
    viewer: Viewer,
    query: string,
    variables = {},
    origin: ClientOrigin = TEST_ORIGIN,
  ): Promise<TestAnswer<Data>> {
    const isOrder = viewer.kind === 'service' && viewer.name === 'order';
    const client = this.#clients[isOrder ? 'order' : 'gateway'];
    const operation = {
      ...{ query, variables, viewer, origin, requestId: 'test', timeoutMs: 10_000 },
    };
    return (await client.request(operation)) as TestAnswer<Data>;
  }

  /** Opens a subscription on a socket of its own. */
  subscribe<Data>(viewer: Viewer, query: string, variables: Record<string, unknown> = {}) {
    const socket = createClient({
      url: `${this.#url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    this.#sockets.add(socket);
    const passport = signPassport({
      viewer,
      audience: this.#name,
      key: TEST_PASSPORT_KEYS[0],
      body: operationBody(query, variables),
      clock: systemClock,
    });
    return socket.iterate<Data>({ query, variables, extensions: { passport } });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) await socket.dispose();
    for (const client of Object.values(this.#clients)) await client.close();
  }
}

import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { StreamReader } from './stream-reader.ts';

type Variables = Readonly<Record<string, unknown>>;

/** A GraphQL answer as a client sees it. */
export interface Answer<Data> {
  readonly data: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

/** How a client says who it is. */
export interface ClientIdentity {
  readonly accountId: string;
  readonly apiKey: string;
  readonly email?: string;
  /** Shown in the place of the key, by somebody who has signed in. */
  readonly accessToken?: string;
}

/** A client of the API, over HTTP and one WebSocket, with a credential or without. */
export class TraderClient {
  readonly accountId: string;
  readonly apiKey: string | null;
  readonly email: string;
  readonly #origin: string;
  readonly #socket: Client;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(origin: string, identity: ClientIdentity | null) {
    this.#origin = origin;
    const { headers, connectionParams } = credentialOf(identity);
    this.#headers = headers;
    this.accountId = identity?.accountId ?? '';
    this.apiKey = identity?.apiKey ?? null;
    this.email = identity?.email ?? '';
    this.#socket = createClient({
      url: `${origin.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams,
    });
  }

  /** Sends one operation over HTTP and answers whatever came back. */
  async send<Data>(query: string, variables: Variables = {}): Promise<Answer<Data>> {
    const response = await fetch(`${this.#origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...this.#headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer<Data>;
  }

  /** As {@link send}, for an operation that must succeed. @throws Error with the first refusal */
  async request<Data>(query: string, variables: Variables = {}): Promise<Data> {
    const { data, errors } = await this.send<Data>(query, variables);
    if (errors !== undefined || data === null)
      throw new Error(`The request failed: ${JSON.stringify(errors)}`);
    return data;
  }

  /** Opens a subscription over the WebSocket. */
  subscribe<Message>(query: string, variables: Variables = {}): StreamReader<Message> {
    return new StreamReader<Message>((sink) => this.#socket.subscribe({ query, variables }, sink));
  }

  /** Sends one query or mutation over the WebSocket. */
  async sendOverSocket<Data>(query: string, variables: Variables = {}): Promise<Answer<Data>> {
    const reader = new StreamReader<Answer<Data>>(
      (sink) => this.#socket.subscribe({ query, variables }, sink),
      'answers',
    );
    return reader.next();
  }

  /** Closes the socket; open streams end. */
  async close(): Promise<void> {
    await this.#socket.dispose();
  }
}

function credentialOf(identity: ClientIdentity | null) {
  if (identity === null) return { headers: {}, connectionParams: {} };
  const { apiKey, accessToken } = identity;
  if (accessToken === undefined)
    return { headers: { 'x-api-key': apiKey }, connectionParams: { apiKey } };
  const bearer = { authorization: `Bearer ${accessToken}` };
  return { headers: bearer, connectionParams: bearer };
}

import { GraphQLError } from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, MessageType } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Clock } from '#shared/domain/clock.ts';
import { maskToGraphQLError } from '#shared/graphql/format-error.ts';
import { operationBody } from '#shared/identity/operation-body.ts';
import { signPassport } from '#shared/identity/passport.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { untraced } from '#shared/tracing/tracing.ts';
import type { SubgraphAddress } from '#shared/subgraph/subgraph-client.ts';
import type { SourceEvent, SourceListener, SourceRequest } from './source-event-stream.ts';

const MAX_EVENT_BYTES = 16 * 1024 * 1024;
const CONNECT_LIMIT_MS = 2000;
/** A subgraph that does not answer a ping before the next one is gone. */
const PING_MS = 5000;

interface Operation {
  readonly request: SourceRequest;
  readonly listener: SourceListener;
}

interface UpstreamError {
  readonly message?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

type ServerMessage =
  | { readonly type: MessageType.ConnectionAck | MessageType.Ping | MessageType.Pong }
  | { readonly type: MessageType.Next; readonly id: string; readonly payload: SourceEvent }
  | {
      readonly type: MessageType.Error;
      readonly id: string;
      readonly payload: readonly UpstreamError[];
    }
  | { readonly type: MessageType.Complete; readonly id: string };

/**
 * The one WebSocket to one subgraph, shared by all streams from it. Each operation carries a
 * passport of its own, made when it is sent; so nothing is ever sent a second time, and a lost
 * connection is reported to every listener, who decides.
 */
export class SubgraphSocket {
  readonly #address: SubgraphAddress;
  readonly #url: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #operations = new Map<string, Operation>();
  #socket: WebSocket | null = null;
  #isAcknowledged = false;
  #lastId = 0;

  constructor(address: SubgraphAddress, clock: Clock, logger: Logger) {
    this.#address = address;
    this.#url = `${address.url.replace(/^http/, 'ws')}/graphql`;
    this.#clock = clock;
    this.#logger = logger.child({ subgraph: address.name });
  }

  /**
   * Opens a stream, and the connection if there is none.
   * @returns a function that closes the stream
   */
  open(request: SourceRequest, listener: SourceListener): () => void {
    this.#lastId += 1;
    const id = String(this.#lastId);
    const operation = { request, listener };
    this.#operations.set(id, operation);
    if (this.#socket === null) this.#socket = untraced(() => this.#connect());
    else if (this.#isAcknowledged) this.#subscribe(id, operation);
    return () => {
      if (this.#operations.delete(id) && this.#isAcknowledged)
        this.#send({ id, type: MessageType.Complete });
    };
  }

  /** Closes the connection; current listeners get `lost`. */
  stop(): void {
    this.#socket?.terminate();
  }

  #connect(): WebSocket {
    const socket = new WebSocket(this.#url, GRAPHQL_TRANSPORT_WS_PROTOCOL, {
      handshakeTimeout: CONNECT_LIMIT_MS,
      maxPayload: MAX_EVENT_BYTES,
      perMessageDeflate: false,
    });
    const acknowledged = setTimeout(() => socket.terminate(), 2 * CONNECT_LIMIT_MS);
    const stopPinging = keepAlive(socket);
    socket.on('open', () => this.#send({ type: MessageType.ConnectionInit }));
    socket.on('message', (data: Buffer) => {
      try {
        const message = JSON.parse(data.toString('utf8')) as ServerMessage;
        if (message.type === MessageType.ConnectionAck) clearTimeout(acknowledged);
        this.#hear(message);
      } catch (cause) {
        this.#logger.error({ err: cause }, 'a message from a subgraph could not be parsed');
        socket.terminate();
      }
    });
    socket.on('error', (cause) =>
      this.#logger.warn({ err: cause }, 'the event socket to a subgraph failed'),
    );
    socket.on('close', (code) => {
      clearTimeout(acknowledged);
      stopPinging();
      this.#lose(code);
    });
    return socket;
  }

  #hear(message: ServerMessage): void {
    switch (message.type) {
      case MessageType.ConnectionAck:
        this.#isAcknowledged = true;
        for (const [id, operation] of this.#operations) this.#subscribe(id, operation);
        return;
      case MessageType.Ping:
        return this.#send({ type: MessageType.Pong });
      case MessageType.Pong:
        return;
      case MessageType.Next:
        // A result without `data` means that nothing was opened.
        return message.payload.data === undefined
          ? this.#fail(message.id, message.payload.errors ?? [])
          : this.#operations.get(message.id)?.listener.next(message.payload);
      case MessageType.Error:
        return this.#fail(message.id, message.payload);
      case MessageType.Complete:
        return this.#end(message.id)?.completed();
    }
  }

  #fail(id: string, errors: readonly UpstreamError[]): void {
    this.#end(id)?.failed(errors.map((error) => this.#mask(error)));
  }

  #end(id: string): SourceListener | undefined {
    const operation = this.#operations.get(id);
    this.#operations.delete(id);
    return operation?.listener;
  }

  #lose(code: number): void {
    const operations = [...this.#operations.values()];
    this.#operations.clear();
    this.#socket = null;
    this.#isAcknowledged = false;
    if (operations.length > 0)
      this.#logger.warn(
        { code, streams: operations.length },
        'the event socket to a subgraph was lost',
      );
    for (const { listener } of operations) listener.lost();
  }

  #subscribe(id: string, { request: { query, variables, viewer } }: Operation): void {
    const { name: audience, passportKey: key } = this.#address;
    const body = operationBody(query, variables);
    const passport = signPassport({ viewer, audience, key, body, clock: this.#clock });
    const payload = { query, variables, extensions: { passport } };
    this.#send({ id, type: MessageType.Subscribe, payload });
  }

  #send(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #mask(error: UpstreamError): GraphQLError {
    // A refused passport is our fault and no client should learn of it.
    const isOurs = error.extensions?.['closeCode'] !== undefined;
    const { message = 'A stream failed', extensions = {} } = error;
    return maskToGraphQLError(new GraphQLError(message, isOurs ? {} : { extensions }), (cause) =>
      this.#logger.error({ err: cause }, 'a stream was refused'),
    );
  }
}

function keepAlive(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MS);
  timer.unref();
  return () => clearInterval(timer);
}

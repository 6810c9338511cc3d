import { GraphQLError } from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, MessageType } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Clock } from '#shared/domain/clock.ts';
import { maskToGraphQLError } from '#shared/graphql/format-error.ts';
import { operationBody } from '#shared/identity/operation-body.ts';
import { signPassport } from '#shared/identity/passport.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { MAX_EVENT_BYTES } from '#shared/subgraph/stream-socket.ts';
import { SERVED_ELSEWHERE } from '#shared/subgraph/served-elsewhere.ts';
import type { SubgraphAddress } from '#shared/subgraph/subgraph-client.ts';
import type { SourceEvent, SourceListener, SourceRequest } from './source-event-stream.ts';

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

/** What a connection reports to its owner. */
export interface ConnectionOwner {
  /** It is gone. Called before listeners get `lost` and open their streams again. */
  onGone(connection: EventConnection): void;
  /** A stream on it is served by another process of the subgraph. */
  onElsewhere(connection: EventConnection): void;
}

/**
 * One WebSocket to one process of a subgraph, shared by streams from it. Each operation carries a
 * passport of its own, made when it is sent; so nothing is ever sent a second time, and a lost
 * connection is reported to every listener, who decides.
 */
export class EventConnection {
  readonly #address: SubgraphAddress;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #owner: ConnectionOwner;
  readonly #socket: WebSocket;
  readonly #operations = new Map<string, Operation>();
  #isAcknowledged = false;
  #isRetired = false;
  #lastId = 0;

  /** Connects. */
  constructor(
    address: SubgraphAddress,
    { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
    owner: ConnectionOwner,
  ) {
    this.#address = address;
    this.#clock = clock;
    this.#logger = logger;
    this.#owner = owner;
    this.#socket = this.#connect();
  }

  /** Opens a stream. @returns a function that closes it */
  open(request: SourceRequest, listener: SourceListener): () => void {
    this.#lastId += 1;
    const id = String(this.#lastId);
    const operation = { request, listener };
    this.#operations.set(id, operation);
    if (this.#isAcknowledged) this.#subscribe(id, operation);
    return () => {
      if (this.#end(id) !== undefined && this.#isAcknowledged)
        this.#send({ id, type: MessageType.Complete });
    };
  }

  /** Closes it once no stream is open on it; no other stream can be opened on it. */
  retire(): void {
    this.#isRetired = true;
    this.#closeIfIdle();
  }

  /** Closes it; current listeners get `lost`. */
  stop(): void {
    this.#socket.terminate();
  }

  #connect(): WebSocket {
    const url = `${this.#address.url.replace(/^http/, 'ws')}/graphql`;
    const socket = new WebSocket(url, GRAPHQL_TRANSPORT_WS_PROTOCOL, {
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
        this.#hear(message, data.length);
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

  #hear(message: ServerMessage, bytes: number): void {
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
          : this.#operations.get(message.id)?.listener.next(message.payload, this, bytes);
      case MessageType.Error:
        return this.#fail(message.id, message.payload);
      case MessageType.Complete:
        return this.#end(message.id)?.completed();
    }
  }

  #fail(id: string, errors: readonly UpstreamError[]): void {
    const isElsewhere = errors.some(
      ({ extensions }) => extensions?.['reason'] === SERVED_ELSEWHERE,
    );
    if (isElsewhere) this.#owner.onElsewhere(this);
    const listener = this.#end(id);
    if (isElsewhere) listener?.lost();
    else listener?.failed(errors.map((error) => this.#mask(error)));
  }

  #end(id: string): SourceListener | undefined {
    const operation = this.#operations.get(id);
    this.#operations.delete(id);
    this.#closeIfIdle();
    return operation?.listener;
  }

  #closeIfIdle(): void {
    // Later, so that what ends the last stream is sent before.
    if (this.#isRetired && this.#operations.size === 0) setImmediate(() => this.#socket.close());
  }

  #lose(code: number): void {
    const operations = [...this.#operations.values()];
    this.#operations.clear();
    this.#isAcknowledged = false;
    if (operations.length > 0)
      this.#logger.warn(
        { code, streams: operations.length },
        'the event socket to a subgraph was lost',
      );
    this.#owner.onGone(this);
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
    this.#socket.send(JSON.stringify(message));
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

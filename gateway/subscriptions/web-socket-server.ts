import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, MessageType, type Server } from 'graphql-ws';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '#shared/domain/clock.ts';
import { DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { AllowedOrigins } from '../http/allowed-origins.ts';
import { bareReply } from '../http/bare-reply.ts';
import type { ClientOrigins } from '../http/client-origins.ts';
import { serveWithoutUpgrade, wantsWebSocket } from '../http/serve-without-upgrade.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import type { CredentialWatch } from '../identity/credential-watch.ts';
import { credentialOfHeaders } from '../identity/credential.ts';
import type { Identity } from '../identity/identity.ts';
import { showsCredential } from '../http/bar-offenders.ts';
import { GROSS, type Offenses } from '../limits/offenses.ts';
import { CloseCode, Connection } from './connection.ts';
import { placeKeyOf, type socketPlaces } from './connection-limits.ts';
import type { FlushSchedule } from './writing/flush-schedule.ts';
import { Sweep } from './writing/sweep.ts';
import { waitUntil } from './wait-until.ts';
import { whenAnswered } from './when-answered.ts';

const MAX_MESSAGE_BYTES = 64 * 1024;
const MAX_FRAGMENTS = 64;
const CLOSE_LIMIT_MS = 2000;

const SETTINGS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  maxPayload: MAX_MESSAGE_BYTES,
  maxFragments: MAX_FRAGMENTS,
  perMessageDeflate: false,
  // Each message in a turn of its own: otherwise the library receives a `complete` while it still
  // prepares the subscription, and keeps that forever if the id is used again.
  allowSynchronousEvents: false,
  clientTracking: false,
  closeTimeout: CLOSE_LIMIT_MS,
  handleProtocols: (offered) =>
    offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
};

/** How an upgrade can be refused. */
type RefusalStatus = 401 | 403 | 404 | 429 | 503;

/** What the sockets need from the rest of the gateway. */
export interface WebSocketOptions {
  readonly server: HttpServer;
  readonly path: string;
  readonly protocol: Server<Connection>;
  readonly origins: AllowedOrigins;
  readonly clients: ClientOrigins;
  readonly authenticator: Authenticator;
  readonly watch: CredentialWatch;
  readonly places: ReturnType<typeof socketPlaces>;
  readonly offenses: Offenses;
  readonly schedule: FlushSchedule;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The sockets of a running gateway. */
export interface WebSockets {
  /** How many there are, and the most bytes that our memory holds for one of them alone. */
  load(): { readonly sockets: number; readonly mostBytes: number };
  /** Ends all of them with 1001, each when its queries and mutations are answered. */
  stop(): Promise<void>;
}

/**
 * Accepts WebSocket upgrades on an HTTP server, which serves all other upgrades as if they were
 * none.
 */
export function serveWebSockets(options: WebSocketOptions): WebSockets {
  const { server, protocol, watch, logger, clock } = options;
  const connections = new Set<Connection>();
  const sweep = new Sweep(clock);
  const sockets = new WebSocketServer(SETTINGS);
  let isStopping = false;
  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (!wantsWebSocket(request)) return serveWithoutUpgrade(server, request, stream, head);
    stream.on('error', () => stream.destroy());
    const origin = options.clients.of(request);
    admit(options, request, { address: origin.address, isStopping }).then(
      (admission) => {
        if ('status' in admission) return refuse(stream, admission.status);
        const { identity, releases } = admission;
        // Gone meanwhile; or we have begun to stop, and what began now would never be ended.
        if (stream.destroyed || isStopping) {
          for (const release of releases) release();
          return refuse(stream, 503);
        }
        stream.once('close', () => releases.forEach((release) => release()));
        sockets.handleUpgrade(request, stream, head, (webSocket) => {
          const connection = new Connection(webSocket, { stream, origin }, options.schedule);
          if (identity !== null) connection.identify(identity);
          connections.add(connection);
          // A violation of the protocol, or a message that is too large: no client's slip.
          webSocket.once('error', () => {
            if (connection.isStranger) options.offenses.note(origin.address, GROSS);
          });
          const leaves = [watch.add(connection), sweep.add(connection)];
          webSocket.once('close', () => {
            if (connection.isStranger) options.offenses.note(origin.address);
            connections.delete(connection);
            for (const leave of leaves) leave();
          });
          attach(protocol, webSocket, connection, logger);
        });
      },
      (cause: unknown) => {
        logger.error({ err: cause }, 'a WebSocket upgrade failed');
        refuse(stream, 503);
      },
    );
  };
  server.on('upgrade', onUpgrade);
  return {
    load: () => ({
      sockets: connections.size,
      mostBytes: Math.max(0, ...[...connections].map(({ writer }) => writer.bytes)),
    }),
    stop: async () => {
      isStopping = true;
      const close = ({ writer }: Connection) =>
        writer.close(CloseCode.SHUTTING_DOWN, 'Shutting down');
      for (const connection of connections) connection.leave();
      await whenAnswered([...connections], close);
      await waitUntil(() => connections.size === 0, CLOSE_LIMIT_MS);
      for (const connection of connections) connection.terminate();
      sweep.stop();
      server.off('upgrade', onUpgrade);
    },
  };
}

type Admission =
  | { readonly status: RefusalStatus }
  | { readonly identity: Identity | null; readonly releases: readonly (() => void)[] };

/** Decides before the upgrade; a credential can also follow it, in `connection_init`. */
async function admit(
  { path, origins, authenticator, places, offenses }: WebSocketOptions,
  request: IncomingMessage,
  { address, isStopping }: { readonly address: string; readonly isStopping: boolean },
): Promise<Admission> {
  const { url, headers } = request;
  if (isStopping) return { status: 503 };
  // Compared unchanged: a URL parser takes other addresses for this path, and throws for some.
  if (url?.split('?', 1)[0] !== path) return { status: 404 };
  // Without an origin it is not a browser; our credentials are never cookies.
  if (headers.origin !== undefined && !origins.allows(headers.origin)) return { status: 403 };
  const release = takePlace(places, offenses, request, address);
  if (release === null) return { status: 429 };
  const credential = credentialOfHeaders(request, address);
  if (credential.kind === 'none') return { identity: null, releases: [release] };
  try {
    const viewer = await authenticator.authenticate(credential);
    offenses.vouch(address);
    const key = placeKeyOf(viewer);
    const releaseViewer = key === null ? () => {} : places.perViewer.take(key);
    if (releaseViewer !== null)
      return { identity: { credential, viewer }, releases: [release, releaseViewer] };
    release();
    return { status: 429 };
  } catch (cause) {
    release();
    const { extensions } = cause as { readonly extensions?: { readonly code?: string } };
    return { status: STATUS_OF_REFUSAL[extensions?.code ?? ''] ?? 503 };
  }
}

/** Of a credential that is not accepted, by the code of its refusal. */
const STATUS_OF_REFUSAL: Readonly<Record<string, RefusalStatus>> = {
  [DomainErrorCode.UNAUTHENTICATED]: 401,
  [DomainErrorCode.FORBIDDEN]: 403,
  [DomainErrorCode.RATE_LIMITED]: 429,
};

/**
 * A place among those of the address; none for a stranger whose address sent too many invalid
 * requests.
 */
function takePlace(
  { perAddress }: WebSocketOptions['places'],
  offenses: Offenses,
  { headers }: IncomingMessage,
  address: string,
): (() => void) | null {
  if (!showsCredential(headers) && offenses.barredForMs(address) > 0) return null;
  return perAddress.take(networkOf(address));
}

function refuse(stream: Duplex, status: RefusalStatus): void {
  // A client that does not close its half would hold the connection forever.
  stream.end(bareReply(status), () => stream.destroy());
}

function attach(
  protocol: Server<Connection>,
  webSocket: WebSocket,
  connection: Connection,
  logger: Logger,
): void {
  const { writer } = connection;
  const closed = protocol.opened(
    {
      protocol: webSocket.protocol,
      send: (text) => writer.send(text),
      close: (code, reason) => writer.close(code ?? CloseCode.INTERNAL, reason ?? ''),
      // The library would echo any ping to a client that reads nothing of it.
      onPing: (payload) =>
        writer.isFull
          ? undefined
          : writer.send(JSON.stringify({ type: MessageType.Pong, payload })),
      onMessage: (hear) =>
        webSocket.on('message', (data: Buffer) => {
          if (!connection.admit()) return;
          const text = data.toString('utf8');
          hear(text).catch((cause: unknown) => {
            if (isServersMessage(text) || cause instanceof RangeError)
              return writer.close(CloseCode.BAD_REQUEST, 'Invalid message received');
            logger.error({ err: cause }, 'handling a client message threw');
            writer.close(CloseCode.INTERNAL, 'Internal error');
          });
        }),
    },
    connection,
  );
  webSocket.on('error', (cause) => logger.debug({ err: cause }, 'a client socket failed'));
  webSocket.once('close', (code, reason) => void closed(code, reason.toString()));
}

/**
 * Whether a message is well formed, but one that only a server sends: the library throws for it, as
 * for a payload that is nested too deep to be sent back (a RangeError).
 */
function isServersMessage(text: string): boolean {
  try {
    const { type } = JSON.parse(text) as { readonly type: MessageType };
    return [MessageType.ConnectionAck, MessageType.Next, MessageType.Error].includes(type);
  } catch {
    return false;
  }
}

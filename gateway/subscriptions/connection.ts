import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { hasEnded } from '../identity/authenticate.ts';
import type { Connected } from '../identity/credential-watch.ts';
import type { Identity } from '../identity/identity.ts';
import { MessageAllowance } from './connection-limits.ts';
import type { FlushSchedule } from './writing/flush-schedule.ts';
import { whenAnswered } from './when-answered.ts';
import { ClientWriter } from './writing/client-writer.ts';

const PING_AFTER_MS = 20_000;
const GONE_AFTER_MS = 60_000;
const CLOSED_ABNORMALLY = 1006;

/** Close codes of `graphql-transport-ws` and our own; docs/STREAMS.md has the table. */
export const CloseCode = {
  BAD_REQUEST: 4400,
  SHUTTING_DOWN: 1001,
  TRY_AGAIN_LATER: 1013,
  FORBIDDEN: 4403,
  TOO_MANY: 4429,
  INTERNAL: 4500,
} as const;

/** The operations of a socket by their ids: null until they have ended, or have become a stream. */
type Operations = Readonly<Record<string, AsyncIterable<unknown> | null>>;

/** One client's socket, from the upgrade to the end. */
export class Connection implements Connected {
  readonly id = randomUUID();
  readonly writer: ClientWriter;
  #origin: ClientOrigin;
  readonly #allowance = new MessageAllowance();
  /** The ids of operations that are not running yet; see the protocol. */
  readonly preparing = new Set<string>();
  readonly #webSocket: WebSocket;
  readonly #releases: (() => void)[] = [];
  #identity: Identity | null = null;
  #operations: Operations = {};
  #isLeaving = false;
  #isRevoked = false;
  #isExcused = false;
  #heardAtMs = performance.now();

  /** @param upgrade the socket of the upgrade request, and where it came from */
  constructor(
    webSocket: WebSocket,
    { stream, origin }: { readonly stream: Duplex; readonly origin: ClientOrigin },
    schedule: FlushSchedule,
  ) {
    this.#webSocket = webSocket;
    this.#origin = origin;
    this.writer = new ClientWriter(webSocket, stream, schedule);
    webSocket.on('pong', (payload: Buffer) => {
      // Nobody asked for others: a client can send them without reading anything.
      if (this.writer.answer(payload)) this.#heardAtMs = performance.now();
      else this.admit();
    });
    // Each is answered, in a turn of the event loop and with a write of its own.
    webSocket.on('ping', () => void this.admit());
    webSocket.once('close', () => {
      for (const release of this.#releases) release();
    });
  }

  /** The viewer; null until the connection is initialized. */
  get viewer(): Viewer | null {
    return this.#identity?.viewer ?? null;
  }

  /** The viewer, and the credential that was shown. */
  get identity(): Identity | null {
    return this.#identity;
  }

  /**
   * Whether its client has shown no credential that any user has or had, though it could be checked: what such a
   * client does wrong counts against its address.
   */
  get isStranger(): boolean {
    return this.#identity === null && !this.#isExcused;
  }

  /**
   * Whether a client's messages count: not after either side has begun to close, however long that
   * takes.
   */
  get isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  /**
   * Counts something that the client sent without being asked, and closes a socket that sends too
   * much.
   * @returns whether to handle it
   */
  admit(): boolean {
    if (!this.isOpen || this.#isRevoked) return false;
    const isAdmitted = this.#allowance.take();
    if (!isAdmitted) this.writer.close(CloseCode.TOO_MANY, 'Too many messages');
    return isAdmitted;
  }

  /** Whether nothing new is begun, because this gateway is shutting down. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** Whether a query or mutation is under way, so that what is sent for it matters. */
  get isAnswering(): boolean {
    return this.isOpen && Object.values(this.#operations).includes(null);
  }

  /** Where the protocol keeps its operations. */
  watchOperations(operations: Operations): void {
    this.#operations = operations;
  }

  /** Notes that its credential cannot be checked now, or is refused though some user has or had it. */
  excuse(): void {
    this.#isExcused = true;
  }

  /** Lets nothing new begin. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** Sets the viewer. @param releases run when the socket is gone */
  identify(identity: Identity, ...releases: readonly (() => void)[]): void {
    this.#identity = identity;
    if (this.#webSocket.readyState !== this.#webSocket.CLOSED) this.#releases.push(...releases);
    else for (const release of releases) release();
  }

  /** Where the client called from, and whether this connection guards the orders placed over it. */
  get origin(): ClientOrigin {
    return this.#origin;
  }

  /**
   * Lets it guard orders that are placed over it.
   * @param lost run with the close code when it is gone
   */
  guardBy(lost: (code: number) => void): void {
    this.#origin = { ...this.#origin, guardConnectionId: this.id };
    if (this.#webSocket.readyState === this.#webSocket.CLOSED) lost(CLOSED_ABNORMALLY);
    else this.#webSocket.once('close', lost);
  }

  renew(viewer: Viewer): void {
    if (this.#identity !== null) this.#identity = { ...this.#identity, viewer };
  }

  /** Whether its credential has ended: it gets no more than the answers that are under way. */
  get isRevoked(): boolean {
    return this.#isRevoked;
  }

  /**
   * Ends its streams at once, and the socket when what is under way is answered, as over HTTP:
   * nobody else can tell the client what became of its commands.
   */
  revoke(reason: string): void {
    if (this.#isRevoked) return;
    this.#isRevoked = true;
    for (const stream of Object.values(this.#operations))
      void stream?.[Symbol.asyncIterator]().return?.();
    const close = () => this.writer.close(CloseCode.FORBIDDEN, reason);
    if (this.isAnswering) void whenAnswered([this], close);
    else close();
  }

  /** Checks the socket, about once a second: its credential, its silence, its reading. */
  sweep(nowMs: number, epochMs: number): void {
    if (this.viewer !== null && hasEnded(this.viewer, epochMs))
      return this.revoke('Credential expired');
    if (nowMs - this.#heardAtMs > GONE_AFTER_MS) return this.#webSocket.terminate();
    this.writer.sweep(nowMs, nowMs - this.#heardAtMs > PING_AFTER_MS);
  }

  /** Cuts it off. */
  terminate(): void {
    this.#webSocket.terminate();
  }
}

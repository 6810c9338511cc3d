import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long a client can take to read an answer. */
export interface ReadingLimits {
  /** Without reading any of it. */
  readonly stalledMs: number;
  /** For all of a short one. */
  readonly answerMs: number;
  /** What a longer one is read at, at least, in bytes a millisecond. */
  readonly bytesPerMs: number;
}

/** The limits in force: 16 KB a second is a mobile line of twenty years ago. */
export const READING_LIMITS: ReadingLimits = {
  stalledMs: 60_000,
  answerMs: 60_000,
  bytesPerMs: 16,
};

/**
 * Cuts off clients that ask and do not read the answer, or hardly: it would wait in our memory for
 * as long as they like, and so would the next one on another connection.
 */
export function cutOffUnread(
  server: Server,
  { stalledMs, answerMs, bytesPerMs }: ReadingLimits,
): void {
  // By the socket's own measure, which sees that part of a long text was read. A WebSocket turns it
  // off, and an event stream has a heartbeat.
  server.setTimeout(stalledMs);
  const giveUpInTime = givingUpAfter(answerMs);
  server.on('request', (request, response) => {
    // Asked for before the answer to an earlier request has ended, such as an event stream.
    if (response.socket === null) giveUpInTime(request, response);
    response.once('prefinish', () => {
      const unread = response.socket?.writableLength ?? 0;
      if (unread === 0) return; // the kernel has all of it
      const timer = setTimeout(() => response.destroy(), answerMs + unread / bytesPerMs);
      response.once('close', () => clearTimeout(timer));
    });
  });
}

/**
 * Hangs up if an answer has not had its turn in time: it waits for one that is not read, or endless.
 * Nothing is held for longer than it waits, because thousands can be asked for in a moment.
 */
function givingUpAfter(ms: number): (request: IncomingMessage, response: ServerResponse) => void {
  const waitingOn = new WeakMap<Socket, Set<ServerResponse>>();
  const begin = (socket: Socket) => {
    const waiting = new Set<ServerResponse>();
    socket.once('close', () => {
      for (const response of waiting) closeUnsent(response, () => waiting.has(response));
    });
    waitingOn.set(socket, waiting);
    return waiting;
  };
  return ({ socket }, response) => {
    const waiting = waitingOn.get(socket) ?? begin(socket);
    const giveUp = () => response.socket === null && socket.destroy();
    const timer = setTimeout(giveUp, ms).unref();
    waiting.add(response);
    response.once('close', () => {
      clearTimeout(timer);
      waiting.delete(response);
    });
  };
}

/**
 * Closes an answer whose connection is gone: Node closes only the one that has its turn, and whoever
 * makes the answer, such as an event stream, would go on for good.
 * @param isOpen whether it has not emitted `close` yet, which Node 24 lets it do once destroyed
 */
function closeUnsent(response: ServerResponse, isOpen: () => boolean): void {
  if (response.socket !== null) return;
  response.destroy();
  process.nextTick(() => isOpen() && response.emit('close'));
}

import type { Server } from 'node:http';

/** How long a client can take to read an answer. */
export interface ReadingLimits {
  /** Without reading any of it. */
  readonly stalledMs: number;
  /** For all of a short one; also how long a request can wait for the answers to earlier ones. */
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
  server.on('request', (_request, response) => {
    response.once('prefinish', () => {
      const unread = response.socket?.writableLength ?? 0;
      if (unread === 0) return; // the kernel has all of it
      const timer = setTimeout(() => response.destroy(), answerMs + unread / bytesPerMs);
      response.once('close', () => clearTimeout(timer));
    });
  });
}

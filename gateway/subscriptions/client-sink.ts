import type { Backlog } from './backlog.ts';

/** The way out to one client, as a stream that is written there sees it. */
export interface ClientSink {
  /** Who holds something back for this client. */
  readonly backlog: Backlog;
  /** Whether the client has yet to read what it was sent; what can wait should. */
  readonly isBehind: boolean;
  /** Whether the client is so far behind that nothing new may be begun for it. */
  readonly isFull: boolean;
  /**
   * Adds a message of ASCII text.
   * @param prefix what it begins with that is this client's own
   * @param isUrgent whether it must not wait for a tick
   */
  append(text: string, prefix?: string, isUrgent?: boolean): void;
}

import type { Backlog } from './backlog.ts';

/** The way out to one client, as seen by a stream that writes to it. */
export interface ClientSink {
  /** The parts that hold frames back for this client. */
  readonly backlog: Backlog;
  /** Whether the client has unread data; what can wait should. */
  readonly isBehind: boolean;
  /** Whether the client is so far behind that nothing new can be begun for it. */
  readonly isFull: boolean;
  /**
   * Adds a message of ASCII text.
   * @param prefix its beginning, which is this client's own
   * @param isUrgent whether it must not wait for a tick
   */
  append(text: string, prefix?: string, isUrgent?: boolean): void;
}

/** Whether a feed brings prices; RECONCILING: connected, but books are being rebuilt. */
export type FeedState = 'CONNECTED' | 'RECONCILING' | 'DISCONNECTED';

/** The state of one venue's feed; times are milliseconds since the epoch. */
export interface FeedStatus {
  readonly venue: string;
  readonly state: FeedState;
  readonly sinceMs: number;
  /** Null before the first message. */
  readonly lastMessageAtMs: number | null;
  /** How often the connection was made again. */
  readonly reconnects: number;
  /** How often something was found to be lost. */
  readonly gapCount: number;
}

/** Whether a feed delivers prices; RECONCILING: connected, but books are being rebuilt. */
export type FeedState = 'CONNECTED' | 'RECONCILING' | 'DISCONNECTED';

/** The state of one venue's feed; times are milliseconds since the epoch. */
export interface FeedStatus {
  readonly venue: string;
  readonly state: FeedState;
  readonly sinceMs: number;
  /** Null before the first message. */
  readonly lastMessageAtMs: number | null;
  /** Number of reconnections. */
  readonly reconnects: number;
  /** Number of times that a loss was detected. */
  readonly gapCount: number;
}

/** Timeouts and pauses of a connection to a venue, in milliseconds. */
export interface ConnectionTiming {
  /** Limit for opening the connection. */
  readonly connectMs: number;
  /** Silence after which the venue is pinged. */
  readonly quietMs: number;
  /** Silence after which the connection is lost; the same goes for a subscription without an answer. */
  readonly silentMs: number;
  /** How often silence and waiting books are checked, and waiting messages are sent. */
  readonly reviewMs: number;
  /** A connection that lasted this long resets the backoff. */
  readonly provenMs: number;
  /** First and last limit of the pause before the next connection. */
  readonly reconnect: { readonly baseMs: number; readonly maxMs: number };
  /** First and last pause before a book is requested again. */
  readonly rebuild: { readonly baseMs: number; readonly maxMs: number };
  /** Age at which a connection is replaced, even if the venue allows more. */
  readonly maxAgeMs: number;
  /** How long an old socket is still read once the venue sends everything over the one that replaces it, too. */
  readonly overlapMs: number;
  /** Limit for fetching a snapshot. */
  readonly fetchMs: number;
}

/** Within the venues' limits: some hundred connections in ten minutes, a few large snapshots a second. */
export const VENUE_TIMING: ConnectionTiming = {
  connectMs: 10_000,
  quietMs: 4000,
  silentMs: 8000,
  reviewMs: 250,
  provenMs: 10_000,
  reconnect: { baseMs: 500, maxMs: 30_000 },
  rebuild: { baseMs: 2000, maxMs: 60_000 },
  maxAgeMs: Infinity,
  overlapMs: 2000,
  fetchMs: 5000,
};

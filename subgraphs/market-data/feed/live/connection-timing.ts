/** How patient a connection to a venue is; all in milliseconds. */
export interface ConnectionTiming {
  /** Until the connection must be there. */
  readonly connectMs: number;
  /** After this long without a word the venue is asked whether it is there. */
  readonly quietMs: number;
  /** After this long without a word or an answer it is not. */
  readonly silentMs: number;
  /** How often silence and waiting books are looked at. */
  readonly reviewMs: number;
  /** A connection that lasted this long was a good one. */
  readonly provenMs: number;
  /** Of the pause before the next connection: the first limit, and the last. */
  readonly reconnect: { readonly baseMs: number; readonly maxMs: number };
  /** Of the pause before a book is asked for again: the first, and the last. */
  readonly rebuild: { readonly baseMs: number; readonly maxMs: number };
  /** After this long a connection is made again, whatever the venue allows. */
  readonly maxAgeMs: number;
  /** Until a fetched snapshot must be there. */
  readonly fetchMs: number;
}

/** What venues allow: some hundred connections in ten minutes, a few large snapshots a second. */
export const VENUE_TIMING: ConnectionTiming = {
  connectMs: 10_000,
  quietMs: 4000,
  silentMs: 8000,
  reviewMs: 250,
  provenMs: 10_000,
  reconnect: { baseMs: 500, maxMs: 30_000 },
  rebuild: { baseMs: 2000, maxMs: 60_000 },
  maxAgeMs: Infinity,
  fetchMs: 5000,
};

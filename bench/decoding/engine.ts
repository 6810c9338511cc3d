/** The venues whose recordings are played. */
export const VENUES = ['binance', 'kraken', 'coinbase'] as const;
/** See {@link VENUES}. */
export type VenueName = (typeof VENUES)[number];

/** One message as a socket brings it. */
export interface Frame {
  readonly sent: Buffer;
  /** The venue's symbol when it is the answer to a request for a book; null for a stream's. */
  readonly snapshotOf: string | null;
}

/** All that is played of one venue. */
export interface Workload {
  /** Instruments as `BASE/QUOTE`. */
  readonly pairs: readonly string[];
  readonly frames: readonly Frame[];
}

/** Something that reads frames and keeps books, quotes and trades. */
export interface FrameReader {
  take(frame: Frame): void;
  /** The best bid and ask of each pair that has a book. */
  tops(): Readonly<Record<string, readonly [bid: number, ask: number]>>;
}

/** Makes a reader that knows nothing yet. */
export type FrameReaderFactory = (venue: VenueName, pairs: readonly string[]) => FrameReader;

/** The venues with recordings to play. */
export const VENUES = ['binance', 'kraken', 'coinbase'] as const;
/** See {@link VENUES}. */
export type VenueName = (typeof VENUES)[number];

/** One message as a socket delivers it. */
export interface Frame {
  readonly sent: Buffer;
  /** The venue's symbol if the message answers a request for a book; null for a stream's message. */
  readonly snapshotOf: string | null;
}

/** One venue's whole recording. */
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

/** Creates a reader without any state. */
export type FrameReaderFactory = (venue: VenueName, pairs: readonly string[]) => FrameReader;

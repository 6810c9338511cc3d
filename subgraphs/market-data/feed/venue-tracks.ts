import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { FrameWords } from './frame-words.ts';
import { TradeSequence } from './trade-sequence.ts';

/** What is followed for one instrument of a venue. */
export interface VenueTrack<Book> {
  readonly symbol: InstrumentSymbol;
  readonly book: Book;
  readonly trades: TradeSequence;
}

/** What a decoder follows on one connection: a book and the trades of each instrument. */
export class VenueTracks<Book extends { readonly needsSnapshot: boolean }> {
  /** What is followed, by the bytes of the venue's symbol. */
  readonly words: FrameWords<VenueTrack<Book>>;
  readonly #tracks: ReadonlyMap<string, VenueTrack<Book>>;

  /** @param symbols the venue's symbol → ours; others are passed over */
  constructor(
    symbols: ReadonlyMap<string, InstrumentSymbol>,
    bookOf: (symbol: InstrumentSymbol) => Book,
  ) {
    this.#tracks = new Map(
      [...symbols].map(([venueSymbol, symbol]): [string, VenueTrack<Book>] => [
        venueSymbol,
        { symbol, book: bookOf(symbol), trades: new TradeSequence() },
      ]),
    );
    this.words = new FrameWords(this.#tracks);
  }

  /** Undefined for an instrument that is not followed. */
  get(venueSymbol: string): VenueTrack<Book> | undefined {
    return this.#tracks.get(venueSymbol);
  }

  /** Symbols of the venue whose book waits for a snapshot. */
  needsSnapshot(): string[] {
    return [...this.#tracks].filter(([, { book }]) => book.needsSnapshot).map(([name]) => name);
  }
}

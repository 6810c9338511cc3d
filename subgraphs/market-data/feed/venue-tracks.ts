import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { FrameWords } from './frames/frame-words.ts';
import { TradeSequence } from './trade-sequence.ts';

/** The state of one followed instrument of a venue. */
export interface VenueTrack<Book> {
  readonly symbol: InstrumentSymbol;
  readonly book: Book;
  readonly trades: TradeSequence;
}

/** What is asked of a book of any venue. */
interface BookState {
  /** Whether it was never whole. */
  readonly isAwaited: boolean;
  readonly needsSnapshot: boolean;
}

/** A decoder's state of one connection: the book and the trades of each instrument. */
export class VenueTracks<Book extends BookState> {
  /** The tracks, by the bytes of the venue's symbol. */
  readonly words: FrameWords<VenueTrack<Book>>;
  readonly #tracks: ReadonlyMap<string, VenueTrack<Book>>;

  /** @param symbols the venue's symbol → ours; others are skipped */
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

  /** Our symbols of all that are followed. */
  symbols(): InstrumentSymbol[] {
    return [...this.#tracks.values()].map(({ symbol }) => symbol);
  }

  /** Whether nothing shows yet that the venue sends what was subscribed to. */
  isAwaited(venueSymbol: string): boolean {
    return this.#tracks.get(venueSymbol)?.book.isAwaited === true;
  }

  /** Venue symbols of the books that wait for a snapshot. */
  needsSnapshot(): string[] {
    return [...this.#tracks].filter(([, { book }]) => book.needsSnapshot).map(([name]) => name);
  }
}

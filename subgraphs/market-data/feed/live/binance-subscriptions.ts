import { fieldsOf, parseFrame } from '../frame-fields.ts';

const CHANNELS = ['bookTicker', 'depth@100ms', 'trade'] as const;
/** A request for this many stays below 8,000 characters, and all that one connection may have are five requests. */
const INSTRUMENTS_AT_ONCE = 80;

/** The subscriptions of one connection to Binance: what is asked for, and what the venue has confirmed. */
export class BinanceSubscriptions {
  /** The messages that subscribe to everything. */
  readonly requests: readonly string[];
  /** The instruments of each request that the venue has not answered, by its id. */
  readonly #open = new Map<unknown, readonly string[]>();
  readonly #followed = new Set<string>();

  /** @param venueSymbols what to subscribe to */
  constructor(venueSymbols: readonly string[]) {
    for (let from = 0; from < venueSymbols.length; from += INSTRUMENTS_AT_ONCE)
      this.#open.set(from + 1, venueSymbols.slice(from, from + INSTRUMENTS_AT_ONCE));
    this.requests = [...this.#open].map(([id, symbols]) =>
      JSON.stringify({ method: 'SUBSCRIBE', params: symbols.flatMap(streamsOf), id }),
    );
  }

  /** Whether the venue has answered every request. */
  get isAnswered(): boolean {
    return this.#open.size === 0;
  }

  /** Takes a message that may be an answer. @throws MalformedFrameError if it is not JSON */
  hear(text: string): void {
    const { id, result } = fieldsOf(parseFrame(text));
    const symbols = this.#open.get(id) ?? [];
    this.#open.delete(id);
    if (result === null) for (const symbol of symbols) this.#followed.add(symbol);
  }

  /** Whether the venue sends what happens to this instrument. */
  isFollowed(venueSymbol: string): boolean {
    return this.#followed.has(venueSymbol);
  }
}

function streamsOf(venueSymbol: string): readonly string[] {
  return CHANNELS.map((channel) => `${venueSymbol.toLowerCase()}@${channel}`);
}

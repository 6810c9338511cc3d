import { fieldsOf, parseFrame } from '../frames/frame-fields.ts';

const CHANNELS = ['bookTicker', 'depth@100ms', 'trade'] as const;
/** A request for this many stays below 8,000 characters, and all that one connection may have are five requests. */
const INSTRUMENTS_AT_ONCE = 80;

/** The subscriptions of one connection to Binance: what is asked for, and what the venue has confirmed. */
export class BinanceSubscriptions {
  /** The messages that subscribe to everything. */
  readonly requests: readonly string[];
  /** The instruments of each request, by its id. */
  readonly #asked = new Map<unknown, readonly string[]>();
  /** The id of the request for one instrument alone. */
  readonly #aloneIds: ReadonlyMap<string, number>;
  /** The ids of those of {@link requests} that the venue has not answered. */
  readonly #open: Set<unknown>;
  readonly #followed = new Set<string>();
  readonly #refused: Set<string>;
  /** What the {@link requests} ask for. */
  readonly #together: readonly string[];
  /** What the connection before follows by now. */
  readonly #followedBefore: ReadonlySet<string>;

  /**
   * @param venueSymbols what to subscribe to, each once
   * @param before those of the connection whose place this one takes: what the venue refused there is asked for alone,
   *   later, because the venue might refuse it again, and the others with it
   */
  constructor(venueSymbols: readonly string[], before?: BinanceSubscriptions) {
    this.#refused = new Set(before?.refused);
    this.#followedBefore = before === undefined ? new Set() : before.#followed;
    this.#together = venueSymbols.filter((symbol) => !this.#refused.has(symbol));
    for (let from = 0; from < this.#together.length; from += INSTRUMENTS_AT_ONCE)
      this.#asked.set(from + 1, this.#together.slice(from, from + INSTRUMENTS_AT_ONCE));
    this.#open = new Set(this.#asked.keys());
    this.requests = Array.from(this.#asked, ([id, symbols]) => requestOf(symbols, id));
    const firstId = venueSymbols.length + 1;
    this.#aloneIds = new Map(venueSymbols.map((symbol, index) => [symbol, firstId + index]));
    for (const [symbol, id] of this.#aloneIds) this.#asked.set(id, [symbol]);
  }

  /** Whether the venue has answered every request. */
  get isAnswered(): boolean {
    return this.#open.size === 0;
  }

  /** Whether the venue sends what happens to every instrument that the connection before follows, or was not refused. */
  get isConfirmed(): boolean {
    const wanted = [...this.#together, ...this.#followedBefore];
    return wanted.every((symbol) => this.#followed.has(symbol));
  }

  /** The instruments that the venue refused, here or over the connection before: one that it does not know takes those of its request with it. */
  get refused(): ReadonlySet<string> {
    return this.#refused;
  }

  /** A message that subscribes to one instrument alone. */
  requestAlone(venueSymbol: string): string {
    return requestOf([venueSymbol], this.#aloneIds.get(venueSymbol));
  }

  /** Takes a message that may be an answer. @throws MalformedFrameError if it is not JSON */
  hear(text: string): void {
    const { id, result } = fieldsOf(parseFrame(text));
    this.#open.delete(id);
    for (const symbol of this.#asked.get(id) ?? []) {
      if (result === null) this.#followed.add(symbol);
      if (this.#followed.has(symbol)) this.#refused.delete(symbol);
      else this.#refused.add(symbol);
    }
  }

  /** Whether the venue sends what happens to this instrument. */
  isFollowed(venueSymbol: string): boolean {
    return this.#followed.has(venueSymbol);
  }
}

function requestOf(venueSymbols: readonly string[], id: unknown): string {
  return JSON.stringify({ method: 'SUBSCRIBE', params: venueSymbols.flatMap(streamsOf), id });
}

function streamsOf(venueSymbol: string): readonly string[] {
  return CHANNELS.map((channel) => `${venueSymbol.toLowerCase()}@${channel}`);
}

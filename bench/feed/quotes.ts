import { monotonicMicros } from './monotonic.ts';

const MICROS_PER_SECOND = 1_000_000;
const MAX_BURST = 10;
const FIRST_SEQUENCE = 1_000_000;

/** The instruments of a burst: one event each, so that a gateway that keeps the latest loses none. */
export const SYMBOLS: readonly string[] = Array.from(
  { length: MAX_BURST },
  (_, index) => `${String.fromCharCode(65 + index)}BC-USDT`,
);

/** One event of `quoteChanged`, in the shape of the market-data subgraph's schema. */
export interface QuoteEvent {
  readonly __typename: 'QuoteUpdate';
  readonly sequence: string;
  readonly previousSequence: string;
  readonly conflated: 0;
  readonly quote: Readonly<Record<string, unknown>> & { readonly symbol: string };
}

const sequences = new Map<string, number>();

const INSTRUMENT = { __typename: 'Instrument' };
const QUOTE = {
  __typename: 'Quote',
  bidPrice: '64000.10',
  bidQuantity: '0.52000000',
  askPrice: '64000.20',
  crossed: false,
  venue: 'bench',
  exchangeTime: null,
  receivedTime: '2026-01-31T09:30:00.123Z',
  ageMs: 0,
  stale: false,
};

/**
 * The events of one tick, one for each of the first symbols. When they were due stands in
 * `askQuantity`, as seconds of the monotonic clock with six decimals: it passes every gateway
 * unchanged, and a client on this machine can subtract it from its own clock.
 */
export function nextQuotes(burst: number, dueMicros = monotonicMicros()): readonly QuoteEvent[] {
  const askQuantity = (dueMicros / MICROS_PER_SECOND).toFixed(6);
  return SYMBOLS.slice(0, burst).map((symbol) => {
    const previous = sequences.get(symbol) ?? FIRST_SEQUENCE;
    const sequence = previous + 1;
    sequences.set(symbol, sequence);
    return {
      __typename: 'QuoteUpdate',
      sequence: `${sequence}`,
      previousSequence: `${previous}`,
      conflated: 0,
      quote: {
        ...QUOTE,
        symbol,
        instrument: { ...INSTRUMENT, symbol },
        sequence: `${sequence}`,
        askQuantity,
      },
    };
  });
}

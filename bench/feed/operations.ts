import { SYMBOLS } from './quotes.ts';

/** A subscription as clients send it. */
export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const QUOTE = 'symbol bidPrice bidQuantity askPrice askQuantity';

/** Quotes of the first this many symbols; an event is about 230 bytes on the wire. */
export function quotesOperation(symbols: number): Operation {
  return operation(symbols, QUOTE);
}

/** The same with one field of each of two other subgraphs. */
export function hydratedOperation(): Operation {
  return operation(1, `${QUOTE} instrument { marginRate openInterest }`);
}

function operation(symbols: number, quote: string): Operation {
  return {
    query: `subscription Quotes($symbols: [ID!]!) {
      quoteChanged(symbols: $symbols) { ... on QuoteUpdate { sequence quote { ${quote} } } }
    }`,
    variables: { symbols: SYMBOLS.slice(0, symbols) },
  };
}

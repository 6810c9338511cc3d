import { randomUUID } from 'node:crypto';
import { type AssetCode, type InstrumentSymbol } from '#shared/domain/ids.ts';
import { parseUnits } from '#shared/domain/decimal.ts';
import type { Instrument, InstrumentStatus } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { MAX_PAGE_SIZE } from '#shared/graphql/connection.ts';
import type { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import type { ReferenceQuote } from '../domain/rules/price-collar.ts';

const TIMEOUT_MS = 2000;
const INSTRUMENTS = /* GraphQL */ `
  query Instruments($first: Int!, $after: String) {
    instruments(first: $first, after: $after) {
      edges {
        node {
          symbol
          status
          priceScale
          quantityScale
          makerFeeRate
          takerFeeRate
          base {
            code
          }
          quoteAsset {
            code
            scale
          }
          rules {
            tickSize
            quantityStep
            minQuantity
            maxQuantity
            minNotional
            maxNotional
            collarRate
            maxQuoteAgeMs
          }
          quote {
            bidPrice
            askPrice
            receivedTime
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

interface InstrumentNode {
  readonly symbol: InstrumentSymbol;
  readonly status: InstrumentStatus;
  readonly priceScale: number;
  readonly quantityScale: number;
  readonly makerFeeRate: string;
  readonly takerFeeRate: string;
  readonly base: { readonly code: AssetCode };
  readonly quoteAsset: { readonly code: AssetCode; readonly scale: number };
  readonly rules: {
    readonly tickSize: string;
    readonly quantityStep: string;
    readonly minQuantity: string;
    readonly maxQuantity: string;
    readonly minNotional: string;
    readonly maxNotional: string;
    readonly collarRate: string;
    readonly maxQuoteAgeMs: number;
  };
  readonly quote: {
    readonly bidPrice: string | null;
    readonly askPrice: string | null;
    readonly receivedTime: string;
  } | null;
}

interface InstrumentsData {
  readonly instruments: {
    readonly edges: readonly { readonly node: InstrumentNode }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** An instrument and its market, as market-data has them. */
export interface ListedInstrument {
  readonly instrument: Instrument;
  /** To measure prices from, not to be traded on; null before the first. */
  readonly quote: ReferenceQuote | null;
}

/**
 * All instruments of the desk, by market-data's public query.
 * @throws SubgraphUnavailableError, or Error when the answer has errors or bad values
 */
export async function fetchInstruments(
  marketData: SubgraphClient,
): Promise<readonly ListedInstrument[]> {
  const instruments: ListedInstrument[] = [];
  let after: string | null = null;
  do {
    const page: InstrumentsData['instruments'] = await fetchPage(marketData, after);
    instruments.push(
      ...page.edges.map(({ node }) => ({ instrument: instrumentOf(node), quote: quoteOf(node) })),
    );
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return instruments;
}

async function fetchPage(marketData: SubgraphClient, after: string | null) {
  const { data, errors } = await marketData.request({
    query: INSTRUMENTS,
    variables: { first: MAX_PAGE_SIZE, after },
    viewer: { kind: 'service', name: 'order' },
    requestId: randomUUID(),
    timeoutMs: TIMEOUT_MS,
  });
  if (errors !== undefined || data === null || data === undefined)
    throw new Error(`market-data did not return its instruments: ${JSON.stringify(errors)}`);
  return (data as InstrumentsData).instruments;
}

function instrumentOf(node: InstrumentNode): Instrument {
  const { rules } = node;
  return {
    symbol: node.symbol,
    base: node.base.code,
    quote: node.quoteAsset.code,
    status: node.status,
    priceScale: node.priceScale,
    quantityScale: node.quantityScale,
    quoteScale: node.quoteAsset.scale,
    tickSize: priceOfUnits(units(rules.tickSize)),
    quantityStep: quantityOfUnits(units(rules.quantityStep)),
    minQuantity: quantityOfUnits(units(rules.minQuantity)),
    maxQuantity: quantityOfUnits(units(rules.maxQuantity)),
    minNotional: moneyOfUnits(units(rules.minNotional)),
    maxNotional: moneyOfUnits(units(rules.maxNotional)),
    makerFeeRate: units(node.makerFeeRate),
    takerFeeRate: units(node.takerFeeRate),
    collarRate: units(rules.collarRate),
    maxQuoteAgeMs: rules.maxQuoteAgeMs,
  };
}

function quoteOf({ quote }: InstrumentNode): ReferenceQuote | null {
  if (quote === null) return null;
  const price = (text: string | null): Price | null =>
    text === null ? null : priceOfUnits(units(text));
  return {
    bidPrice: price(quote.bidPrice),
    askPrice: price(quote.askPrice),
    receivedAtMs: Date.parse(quote.receivedTime),
    suspended: true,
  };
}

function units(text: string): bigint {
  const value = parseUnits(text);
  invariant(value !== null, `market-data told a malformed decimal: ${JSON.stringify(text)}`);
  return value;
}

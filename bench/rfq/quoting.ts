import { randomUUID } from 'node:crypto';
import type { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import type { SeededTrader } from '../../prisma/account/test-seed-trader.ts';
import { viewerOf } from '../orders/doors.ts';
import { quantileOfSorted } from '../rows.ts';

const TIMEOUT_MS = 20_000;
const REQUEST = /* GraphQL */ `
  mutation ($input: RequestQuoteInput!) {
    requestQuote(input: $input) {
      ... on QuoteRequested {
        rfq {
          id
          quotes {
            id
            askPrice
            askQuantity
          }
        }
      }
    }
  }
`;
const ACCEPT = /* GraphQL */ `
  mutation ($input: AcceptQuoteInput!) {
    acceptQuote(input: $input) {
      __typename
      ... on QuoteRefused {
        refusal {
          reason
          message
        }
      }
    }
  }
`;

interface Requested {
  readonly data?: {
    readonly requestQuote: {
      readonly rfq?: {
        readonly id: string;
        readonly quotes: readonly { id: string; askPrice: string; askQuantity: string }[];
      };
    };
  };
}

/** How long clients waited, in milliseconds. */
export interface QuotingFigures {
  readonly firstQuote: { readonly p50: number; readonly p99: number };
  readonly accept: { readonly p50: number; readonly p99: number };
}

/** Lets each trader request quotes and accept them, one after the other, for a time. */
export async function quoteAndAccept(
  client: SubgraphClient,
  traders: readonly SeededTrader[],
  windowMs: number,
): Promise<QuotingFigures> {
  const [firstQuotes, accepts]: [number[], number[]] = [[], []];
  const startedAt = performance.now();
  const ask = async (trader: SeededTrader, query: string, input: object, times: number[]) => {
    const sentAt = performance.now();
    const answer = await client.request({
      ...{ query, variables: { input: { accountId: trader.accountId, ...input } } },
      ...{ viewer: viewerOf(trader), requestId: 'bench', timeoutMs: TIMEOUT_MS },
    });
    times.push(performance.now() - sentAt);
    return answer;
  };
  await Promise.all(
    traders.map(async (trader) => {
      while (performance.now() - startedAt < windowMs) {
        const request = { clientRfqId: randomUUID(), symbol: 'BTC-USDT', side: 'BUY' };
        const size = { quantity: '0.001' };
        const asked = await ask(trader, REQUEST, { ...request, size }, firstQuotes);
        const rfq = (asked as Requested).data?.requestQuote.rfq;
        const [quote] = rfq?.quotes ?? [];
        if (quote === undefined) throw new Error(`Not quoted: ${JSON.stringify(asked)}`);
        const terms = { price: quote.askPrice, quantity: quote.askQuantity, quoteId: quote.id };
        const ids = {
          rfqId: rfq?.id,
          clientOrderId: randomUUID(),
          symbol: 'BTC-USDT',
          side: 'BUY',
        };
        const answer = await ask(trader, ACCEPT, { ...ids, ...terms }, accepts);
        if (!JSON.stringify(answer).includes('QuoteFilled'))
          throw new Error(`Not filled: ${JSON.stringify(answer)}`);
      }
    }),
  );
  return { firstQuote: quantilesOf(firstQuotes), accept: quantilesOf(accepts) };
}

function quantilesOf(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: quantileOfSorted(sorted, 0.5), p99: quantileOfSorted(sorted, 0.99) };
}

import { poll } from './poll.ts';
import type { TraderClient } from './trader-client.ts';

const REQUESTS = 3;
const ANSWERED_WITHIN_MS = 60_000;

const REQUEST = /* GraphQL */ `
  mutation ($input: RequestQuoteInput!) {
    answer: requestQuote(input: $input) {
      __typename
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
    answer: acceptQuote(input: $input) {
      __typename
    }
  }
`;

const LEVELS = /* GraphQL */ `
  subscription ($accountId: ID!) {
    priceLevels(accountId: $accountId, symbol: "BTC-USDT", quantities: ["0.001"]) {
      ... on PriceLevels {
        levels {
          quoteId
          quantity
          price: askPrice
        }
      }
    }
  }
`;

interface Level {
  readonly quoteId: string | null;
  readonly quantity: string;
  readonly price: string | null;
}

interface Answer {
  readonly __typename: string;
  readonly rfq?: {
    readonly id: string;
    readonly quotes: readonly { id: string; askPrice: string; askQuantity: string }[];
  };
}

/** Asks for quotes and accepts the newest of each, under ids that are repeated until there is an answer. */
export async function tradeQuotes(trader: TraderClient, name: string): Promise<void> {
  const { accountId } = trader;
  for (let number = 0; number < REQUESTS; number += 1) {
    const ids = { accountId, symbol: 'BTC-USDT', side: 'BUY' };
    const size = { quantity: '0.001' };
    const asked = { ...ids, clientRfqId: `${name}-${number}`, size };
    const { rfq } = await untilKnown(trader, REQUEST, asked, 'RfqOutcomeUnknown');
    const [quote] = rfq?.quotes ?? [];
    // A desk that has just been started again may not have heard of the market yet.
    if (rfq === undefined || quote === undefined) continue;
    const terms = { quoteId: quote.id, price: quote.askPrice, quantity: quote.askQuantity };
    const accept = { ...ids, ...terms, rfqId: rfq.id, clientOrderId: `q-${name}-${number}` };
    await untilKnown(trader, ACCEPT, accept, 'OrderOutcomeUnknown');
  }
}

/** Takes levels, each the newest that there is, under ids that are repeated until there is an answer. */
export async function takeLevels(trader: TraderClient, name: string): Promise<void> {
  const { accountId } = trader;
  for (let number = 0; number < REQUESTS; number += 1) {
    const level = await newestLevel(trader);
    const ids = { accountId, symbol: 'BTC-USDT', side: 'BUY' };
    const accept = { ...ids, ...level, clientOrderId: `l-${name}-${number}` };
    await untilKnown(trader, ACCEPT, accept, 'OrderOutcomeUnknown');
  }
}

/** A stream ends with the process behind it, and then another one is opened. */
async function newestLevel(trader: TraderClient): Promise<Level | undefined> {
  let level: Level | undefined;
  await poll(async () => {
    const { accountId } = trader;
    const stream = trader.subscribe<{ readonly levels: readonly Level[] }>(LEVELS, { accountId });
    [level] = await stream.next().then(
      ({ levels }) => levels,
      () => [],
    );
    stream.close();
    return level?.quoteId != null && level.price !== null;
  }, ANSWERED_WITHIN_MS);
  return level;
}

/** The trader's requests that are accepted and not decided, or traded and not settled. */
export async function unfinishedQuotes(trader: TraderClient): Promise<readonly string[]> {
  const { rfqs } = await trader.request<{
    rfqs: {
      edges: readonly {
        node: { id: string; status: string; settlement: { status: string } | null };
      }[];
    };
  }>(
    `query ($accountId: ID!) {
      rfqs(accountId: $accountId, first: 50) { edges { node { id status settlement { status } } } }
    }`,
    { accountId: trader.accountId },
  );
  return rfqs.edges.flatMap(({ node: { id, status, settlement } }) => {
    const isUnpaid = status === 'FILLED' && settlement?.status !== 'SETTLED';
    return status === 'ACCEPT_PENDING' || isUnpaid ? [id] : [];
  });
}

async function untilKnown(
  trader: TraderClient,
  query: string,
  input: object,
  unknown: string,
): Promise<Answer> {
  let known: Answer = { __typename: unknown };
  await poll(async () => {
    const answer = await trader.send<{ answer: Answer }>(query, { input }).catch(() => null);
    known = answer?.data?.answer ?? { __typename: unknown };
    return known.__typename !== unknown;
  }, ANSWERED_WITHIN_MS);
  return known;
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desk } from './support/harness.ts';
import { QUOTES, type QuoteStreamMessage } from './support/operations.ts';
import { shareDesk } from './support/shared-desk.ts';

const BOOK = /* GraphQL */ `
  subscription Book($symbol: ID!) {
    orderBookChanged(symbol: $symbol, depth: 10) {
      __typename
      ... on OrderBookSnapshot {
        sequence
        book {
          checksum
          bids {
            price
            quantity
          }
          asks {
            price
            quantity
          }
        }
      }
      ... on OrderBookUpdate {
        sequence
        previousSequence
        checksum
        bids {
          price
          quantity
        }
        asks {
          price
          quantity
        }
      }
    }
  }
`;

interface Level {
  readonly price: string;
  readonly quantity: string;
}

interface BookMessage {
  readonly __typename: string;
  readonly sequence: string;
  readonly previousSequence?: string;
  readonly checksum?: string;
  readonly bids?: readonly Level[];
  readonly asks?: readonly Level[];
  readonly book?: {
    readonly checksum: string;
    readonly bids: readonly Level[];
    readonly asks: readonly Level[];
  };
}

describe('market data streams', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await shareDesk('moving');
  });
  afterAll(() => desk.stop());

  it('begin a quote stream with its state and account for every update', async () => {
    const stream = desk.anonymous().subscribe<QuoteStreamMessage>(QUOTES, {
      symbols: ['BTC-USDT'],
      delivery: { mode: 'LATEST', maxPerSecond: 5 },
    });
    let last: bigint | null = null;
    for (let frames = 0; frames < 5;) {
      const message = await stream.next();
      if (message.__typename !== 'QuoteUpdate') continue;
      const { sequence, previousSequence, conflated, quote } = message;
      expect(BigInt(sequence) - BigInt(previousSequence)).toBe(BigInt(conflated) + 1n);
      if (last !== null) expect(BigInt(previousSequence)).toBe(last);
      expect(quote.symbol).toBe('BTC-USDT');
      last = BigInt(sequence);
      frames += 1;
    }
    stream.close();
  });

  it('chain a book from its snapshot, for a late joiner of the same stream too', async () => {
    const client = desk.anonymous();
    const first = client.subscribe<BookMessage>(BOOK, { symbol: 'ETH-USDT' });
    for (let frames = 0; frames < 3; frames += 1) await first.next();
    const late = client.subscribe<BookMessage>(BOOK, { symbol: 'ETH-USDT' });
    for (const stream of [first, late]) {
      const messages: BookMessage[] = [];
      while (messages.length < 6) messages.push(await stream.next());
      const chain = messages.filter(({ __typename }) => __typename !== 'StreamHeartbeat');
      if (stream === late) expect(chain[0]?.__typename).toBe('OrderBookSnapshot');
      for (const [index, message] of chain.entries()) {
        if (message.__typename !== 'OrderBookUpdate' || index === 0) continue;
        expect(message.previousSequence).toBe(chain[index - 1]?.sequence);
      }
      stream.close();
    }
  });

  it('show trades, with the instrument of another look-up in the selection', async () => {
    const stream = desk
      .anonymous()
      .subscribe<{ readonly __typename: string; readonly trade?: { readonly price: string } }>(
        'subscription { tradeOccurred(symbol: "BTC-USDT") { __typename ... on TradeUpdate { sequence previousSequence trade { price quantity aggressorSide } } } }',
      );
    expect((await stream.next()).__typename).toBe('TradeSnapshot');
    expect(
      (await stream.nextWhere(({ __typename }) => __typename === 'TradeUpdate')).trade?.price,
    ).toMatch(/^\d+\.\d{2}$/);
    stream.close();
  });

  it('refuse an unknown symbol with its name', async () => {
    const stream = desk.anonymous().subscribe(QUOTES, { symbols: ['NOPE-USDT'] });
    const [error] = await stream.failure();
    expect(error?.extensions?.['code']).toBe('BAD_USER_INPUT');
    expect(error?.message).toContain('NOPE-USDT');
  });

  it('give an order event its instrument with the live quote', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const stream = trader.subscribe<{
      readonly __typename: string;
      readonly order?: {
        readonly instrument: { readonly quote: { readonly askPrice: string } | null };
      };
    }>(
      'subscription Events($accountId: ID!) { orderEvents(accountId: $accountId) { __typename ... on OrderEvent { type order { status instrument { symbol quote { askPrice } } } } } }',
      { accountId: trader.accountId },
    );
    await stream.next();
    await trader.request(
      'mutation Place($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename } }',
      {
        input: {
          accountId: trader.accountId,
          clientOrderId: 'h-1',
          symbol: 'BTC-USDT',
          side: 'BUY',
          terms: { market: { quantity: '0.001' } },
        },
      },
    );
    const event = await stream.nextWhere(({ __typename }) => __typename === 'OrderEvent');
    expect(event.order?.instrument.quote?.askPrice).toMatch(/^\d+\.\d{2}$/);
    stream.close();
  });

  it("keep one client's orders from another", async () => {
    const [owner, stranger] = [await desk.aTrader(), await desk.aTrader()];
    const stream = stranger.subscribe(
      'subscription Events($accountId: ID!) { orderEvents(accountId: $accountId) { __typename } }',
      { accountId: owner.accountId },
    );
    expect((await stream.failure())[0]?.extensions?.['code']).toBe('NOT_FOUND');
  });
});

// Several venues at once, each a stand-in on a real socket, and what the API makes of them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { exchangeInfo } from './feed/live/test-exchange-info.ts';
import { TestVenue } from './feed/live/test-venue.ts';
import { binanceScript } from './feed/live/test-venue-script.ts';
import { recordedData } from './test-recordings.ts';
import { createSeededDatabase, startTestServer, testOptions, until } from './test-server.ts';

const path = recordedData('binance-spot/spot_btcusdt_20240808.gz');

const COINBASE_PRODUCTS = JSON.stringify(
  ['BTC-USDT', 'ETH-USDT'].map((id) => {
    const [base_currency, quote_currency] = id.split('-');
    const steps = { quote_increment: '0.01', base_increment: '0.00000001' };
    return { id, base_currency, quote_currency, ...steps, status: 'online' };
  }),
);

/** One level of each side around the price that the recording is at. */
function coinbaseSnapshot(bid: string, ask: string): string {
  const [bids, asks] = [[[bid, '0.5']], [[ask, '0.5']]];
  return JSON.stringify({ type: 'snapshot', product_id: 'BTC-USDT', asks, bids });
}

const CONSOLIDATED = /* GraphQL */ `
  {
    feedStatus {
      venue
      state
    }
    instrument(symbol: "BTC-USDT") {
      status
      quote {
        venue
      }
      listings {
        venue
        venueSymbol
        status
        tickSize
        orderTypes
      }
      consolidatedBook(depth: 5) {
        venues
        leftOut
        crossed
        stale
        bids {
          price
          quantity
          shares {
            venue
            quantity
            share
          }
        }
      }
    }
    other: instrument(symbol: "SOL-USDT") {
      status
      consolidatedBook {
        venues
        stale
      }
    }
  }
`;

interface Level {
  readonly price: string;
  readonly shares: readonly { readonly venue: string; readonly share: string }[];
}

interface Answer {
  readonly instrument: {
    readonly status: string;
    readonly consolidatedBook: {
      readonly venues: readonly string[];
      readonly leftOut: readonly string[];
      readonly bids: readonly Level[];
    };
  };
}

describe.skipIf(path === null)('two venues at once', () => {
  let database: Awaited<ReturnType<typeof createSeededDatabase>>;
  let binance: TestVenue;
  let coinbase: TestVenue;
  let desk: Awaited<ReturnType<typeof startTestServer>>;
  let best = '';
  const bus = new MemoryEventBus();

  beforeAll(async () => {
    database = await createSeededDatabase();
    const script = binanceScript(path ?? '');
    binance = await TestVenue.start(script);
    binance.listings = exchangeInfo('TRADING');
    best = String(script.truth.market('BTCUSDT').book.bestBid()?.price ?? 0n).slice(0, -18);
    coinbase = await TestVenue.start({
      next: () => '',
      snapshot: () => coinbaseSnapshot(`${Number(best) - 1}.00`, `${Number(best) + 5}.00`),
    });
    coinbase.listings = COINBASE_PRODUCTS;
    desk = await startTestServer({
      ...testOptions(database.url, {
        source: 'binance,coinbase',
        speed: 1,
        loop: false,
        start: 'immediately',
        seed: 1,
        origins: { binance: binance.origin, coinbase: coinbase.origin },
      }),
      bus,
      maxQuoteAgeMs: 60_000,
      listingsRefreshMs: 50,
    });
  });
  afterAll(async () => {
    await desk.stop();
    await binance.stop();
    await coinbase.stop();
    await database.drop();
  });

  const asked = async () => (await desk.query<Answer>(CONSOLIDATED)).data;
  const venuesNow = async () => (await asked()).instrument.consolidatedBook.venues;

  it('are one instrument with one book, and each says what it has of it', async () => {
    await until(async () => (await venuesNow()).length === 2);
    const answer = await asked();
    expect(answer).toMatchObject({
      feedStatus: [{ venue: 'binance' }, { venue: 'coinbase' }],
      instrument: {
        status: 'TRADING',
        listings: [
          { venue: 'binance', venueSymbol: 'BTCUSDT', tickSize: '0.01', orderTypes: ['LIMIT'] },
          { venue: 'coinbase', venueSymbol: 'BTC-USDT', tickSize: '0.01' },
        ],
        consolidatedBook: { leftOut: [], crossed: false, stale: false },
      },
      // Neither lists it, so it does not trade.
      other: { status: 'CLOSED', consolidatedBook: { venues: [], stale: true } },
    });
    const shares = answer.instrument.consolidatedBook.bids.flatMap((level) => level.shares);
    expect(new Set(shares.map(({ venue }) => venue))).toEqual(new Set(['binance', 'coinbase']));
  });

  it('are one the moment the other is lost, and two when its book is whole again', async () => {
    const stream = desk.subscribe<{ consolidatedBookChanged: { book: { leftOut: string[] } } }>(
      `subscription { consolidatedBookChanged(symbol: "BTC-USDT") {
        ... on ConsolidatedBookUpdate { book { leftOut } }
      } }`,
    );
    const untilStreamed = async (leftOut: readonly string[]) => {
      for (;;) {
        const { value } = await stream.next();
        if (value?.data?.consolidatedBookChanged.book?.leftOut.join() === leftOut.join()) return;
      }
    };
    await untilStreamed([]);
    const told = await bus.subscribe('market.consolidated');
    const untilTold = async (venues: readonly string[]) => {
      for await (const signal of { [Symbol.asyncIterator]: () => ({ next: () => told.next() }) }) {
        const books = signal.kind === 'message' ? signal.message.books : [];
        if (books.map(({ venue }) => venue).join() === venues.join()) return;
      }
    };
    coinbase.failures = 1_000_000;
    coinbase.cut();
    await untilTold(['binance']);
    await untilStreamed(['coinbase']);
    await until(async () => (await venuesNow()).length === 1);
    expect((await asked()).instrument.consolidatedBook).toMatchObject({
      venues: ['binance'],
      leftOut: ['coinbase'],
    });
    coinbase.failures = 0;
    await untilTold(['binance', 'coinbase']);
    expect(await venuesNow()).toHaveLength(2);
    await untilStreamed([]);
    await stream.return?.();
    await told.return?.();
  });

  it('stop trading in what its home has halted, and stream it', async () => {
    const stream = desk.subscribe<{ instrumentStatusChanged: Record<string, unknown> }>(
      `subscription { instrumentStatusChanged(symbols: ["BTC-USDT"]) {
        ... on InstrumentStatusUpdate { symbol status sequence previousSequence }
      } }`,
    );
    const next = async () => (await stream.next()).value?.data?.instrumentStatusChanged;
    expect(await next()).toMatchObject({ status: 'TRADING', sequence: '1' });
    binance.listings = exchangeInfo('BREAK');
    expect(await next()).toEqual({
      symbol: 'BTC-USDT',
      status: 'HALTED',
      sequence: '2',
      previousSequence: '1',
    });
    expect((await asked()).instrument.status).toBe('HALTED');
    binance.listings = exchangeInfo('TRADING');
    expect(await next()).toMatchObject({ status: 'TRADING', sequence: '3' });
    await stream.return?.();
  });
});

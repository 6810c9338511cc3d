// ccxt's message handlers, fed by its own client without a network; see ../decoding/engine.ts.
import ccxt from 'ccxt';

const ADDRESSES = {
  binance: ['binance', 'wss://stream.binance.com:9443/ws'],
  kraken: ['kraken', 'wss://ws.kraken.com/v2'],
  coinbase: ['coinbaseexchange', 'wss://ws-feed.exchange.coinbase.com'],
};
const IDS = {
  binance: (base, quote) => `${base}${quote}`,
  kraken: (base, quote) => `${base}${quote}`,
  coinbase: (base, quote) => `${base}-${quote}`,
};

/** Makes a reader of one venue's frames. */
export function ccxtReader(venue, pairs) {
  const [id, url] = ADDRESSES[venue];
  const exchange = new ccxt.pro[id]({ newUpdates: true });
  exchange.setMarkets(
    pairs.map((symbol) => {
      const [base, quote] = symbol.split('/');
      return exchange.safeMarketStructure({
        id: IDS[venue](base, quote),
        symbol,
        base,
        quote,
        spot: true,
        type: 'spot',
        active: true,
        precision: { amount: 1e-8, price: 1e-8 },
      });
    }),
  );
  const client = exchange.client(url);
  // An error would otherwise only be stored for a caller that does not exist.
  client.reject = (cause) => {
    throw cause;
  };
  if (venue === 'binance')
    for (const symbol of pairs) exchange.orderbooks[symbol] = exchange.orderBook({}, 1000);
  return {
    take: ({ sent, snapshotOf }) => {
      if (snapshotOf === null) client.onMessage({ data: sent });
      else takeSnapshot(exchange, client, snapshotOf, JSON.parse(sent.toString()));
    },
    tops: () =>
      Object.fromEntries(
        Object.values(exchange.orderbooks)
          .filter(({ bids, asks }) => bids.length > 0 && asks.length > 0)
          .map(({ symbol, bids, asks }) => [symbol, [bids[0][0], asks[0][0]]]),
      ),
  };
}

/** What ccxt does when it gets the answer to its request for a book. */
function takeSnapshot(exchange, client, marketId, message) {
  const { symbol } = exchange.market(marketId);
  const book = exchange.orderbooks[symbol];
  const snapshot = exchange.parseOrderBook(message, symbol);
  snapshot.nonce = message.lastUpdateId;
  book.reset(snapshot);
  const kept = book.cache;
  book.cache = [];
  for (const each of kept)
    if (each.u > book.nonce) exchange.handleOrderBookMessage(client, each, book);
}

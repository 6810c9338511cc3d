// The matching engines of other packages behind the benchmark's interface; see ../matching/engine.ts.
import { OrderBook as HftOrderBook } from 'hft-limit-order-book';
import limitOrderBook from 'limit-order-book';
import { OrderBook } from 'nodejs-order-book';

const { LimitOrder, LimitOrderBook, MarketOrder } = limitOrderBook;

/** nodejs-order-book, and the package that preceded it. */
function byOptions(book) {
  const side = { BUY: 'buy', SELL: 'sell' };
  return {
    prepare: (command) => ({
      kind: command.kind,
      id: `order-${command.id}`,
      options: {
        side: side[command.side],
        id: `order-${command.id}`,
        size: command.quantitySteps,
        price: command.priceTicks,
      },
    }),
    run: ({ kind, id, options }) => {
      switch (kind) {
        case 'ADD':
          book.limit(options);
          return 0;
        case 'CANCEL':
          book.cancel(id);
          return 0;
        default:
          return options.size - book.market(options).quantityLeft;
      }
    },
  };
}

/** limit-order-book, which calculates with decimals. */
function byOrders(book) {
  const side = { BUY: 'bid', SELL: 'ask' };
  return {
    prepare: ({ kind, id, side: of, priceTicks, quantitySteps }) => {
      const name = `order-${id}`;
      if (kind === 'CANCEL') return { kind, name };
      const size = `${quantitySteps}`;
      return kind === 'ADD'
        ? { kind, order: new LimitOrder(name, side[of], `${priceTicks}`, size) }
        : { kind, order: new MarketOrder(`take-${Math.random()}`, side[of], size), quantitySteps };
    },
    run: ({ kind, name, order, quantitySteps }) => {
      if (kind === 'CANCEL') {
        book.remove(name);
        return 0;
      }
      const { taker } = book.add(order);
      return kind === 'ADD' ? 0 : quantitySteps - Number(taker.sizeRemaining);
    },
  };
}

/** The engines, by the name of their package. */
export const orderBooks = {
  'nodejs-order-book': () => byOptions(new OrderBook()),
  'hft-limit-order-book': () => byOptions(new HftOrderBook()),
  'limit-order-book': () => byOrders(new LimitOrderBook({ symbol: 'BTC-USDT' })),
};

import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import type { AcceptQuote } from '../../subgraphs/order/domain/rfq/accept-quote.ts';
import type { RequestQuote } from '../../subgraphs/order/domain/rfq/request-quote.ts';
import { quoteSideFor, type RfqQuote } from '../../subgraphs/order/domain/rfq/rfq-quote.ts';
import type { Rfq } from '../../subgraphs/order/domain/rfq/rfq.ts';
import { money, quantity } from '../../subgraphs/order/domain/test-orders.ts';
import { INSTRUMENTS, instrumentOf } from './drawn-orders.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** The size of a request in hundredths of a base unit; the largest is more than the market has. */
const SIZES = { least: 5, most: 75 };

/** A random request for a quote. */
export function drawnRequest(
  random: SeededRandom,
  accountId: string,
  clientRfqId: string,
): RequestQuote {
  const [first, second] = INSTRUMENTS;
  const hundredths = random.between(SIZES.least, SIZES.most);
  const size = random.chance(0.8)
    ? { quantity: quantity((hundredths / 100).toFixed(2)), quoteQuantity: null }
    : { quantity: null, quoteQuantity: money(`${hundredths}`) };
  return {
    accountId,
    clientRfqId,
    symbol: random.pick([first, first, second]).symbol,
    side: random.pick(['BUY', 'SELL', null]),
    size,
  };
}

/** The size of a piece in hundredths of a base unit: some of them are more than the best level of the market. */
const PIECES = { least: 8, most: 20 };

/** Requests for pieces of one quantity that are to be bought, or sold, together. */
export function drawnPieces(
  random: SeededRandom,
  accountId: string,
  clientRfqIds: readonly string[],
): readonly RequestQuote[] {
  const [first, second] = INSTRUMENTS;
  const about = { symbol: random.pick([first, second]).symbol, side: random.pick(['BUY', 'SELL']) };
  return clientRfqIds.map((clientRfqId) => {
    const hundredths = random.between(PIECES.least, PIECES.most);
    const size = { quantity: quantity((hundredths / 100).toFixed(2)), quoteQuantity: null };
    return { accountId, clientRfqId, ...about, size };
  });
}

/** An accept of one side of a quote, on its terms; null if the quote lacks that side. */
export function acceptOfQuote(
  random: SeededRandom,
  { accountId, id, symbol }: Rfq,
  quote: RfqQuote,
  clientOrderId: string,
): AcceptQuote | null {
  const side = random.pick(['BUY', 'SELL']);
  const offered = quoteSideFor(side, quote) ?? quoteSideFor(side === 'BUY' ? 'SELL' : 'BUY', quote);
  if (offered === null) return null;
  return {
    ...{ accountId, rfqId: id, quoteId: quote.id, symbol, clientOrderId },
    side: offered === quote.ask ? 'BUY' : 'SELL',
    ...offered,
    maxSlippageBps: random.pick([0, 0, 10]),
    comparisonToken: null,
  };
}

/** The same accept with one term that the quote does not have. */
export function alteredAccept(random: SeededRandom, accept: AcceptQuote): AcceptQuote {
  const [first, second] = INSTRUMENTS;
  const { tickSize, quantityStep } = instrumentOf(first.symbol);
  const sign = random.pick([1n, -1n]);
  switch (random.pick(['price', 'quantity', 'side', 'symbol', 'quote'])) {
    case 'price':
      return { ...accept, price: priceOfUnits(accept.price + sign * tickSize) };
    case 'quantity':
      return { ...accept, quantity: quantityOfUnits(accept.quantity + sign * quantityStep) };
    case 'side':
      return { ...accept, side: accept.side === 'BUY' ? 'SELL' : 'BUY' };
    case 'symbol':
      return { ...accept, symbol: accept.symbol === first.symbol ? second.symbol : first.symbol };
    case 'quote':
      return { ...accept, quoteId: `${accept.quoteId}-other` };
  }
}

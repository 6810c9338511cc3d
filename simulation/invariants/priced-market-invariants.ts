import type { Instrument } from '#shared/domain/instrument.ts';
import type { QuoteBasis } from '../../subgraphs/order/domain/rfq/rfq-quote.ts';
import { instrumentOf } from '../clients/drawn-orders.ts';
import type { RfqStep } from './rfq-lives.ts';
import type { Witness } from '../witness.ts';

/** What is wrong with the market that a quote names: it was there, could be traded on, and is not behind the home's. */
export function wrongMarket(
  { event, life, rfq, turn }: RfqStep,
  witness: Witness,
): readonly string[] {
  const basis = event.quote?.basis ?? null;
  // A firm price without a request was made before its request.
  if (event.type !== 'QUOTED' || basis === null || rfq.origin !== 'REQUEST') return [];
  const instrument = instrumentOf(life.symbol);
  const named = witness.market(life.symbol, basis.bookSequence);
  if (named === null) return [`by the unknown market ${basis.bookSequence}`];
  const isOutside = basis.outside !== null;
  const checks: readonly (readonly [string, boolean])[] = [
    ['by another middle', named.mid === basis.midPrice],
    ['by a market that was not to be traded on', named.isTradable],
    ['without a market', witness.couldTrade(instrument, turn.steady)],
    ['by an older market', isOutside || witness.isMid(instrument, basis.midPrice, turn.steady)],
    ['ahead of the market', isOutside || isBehindNobody(basis, named)],
    ['by old books', areFresh(basis, instrument, { witness, steady: turn.steady })],
  ];
  return checks.flatMap(([what, isRight]) => (isRight ? [] : [what]));
}

/** Whoever traded at the walked prices cannot trade back on the home market at a profit. */
function isBehindNobody(
  { walkedAskPrice, walkedBidPrice }: QuoteBasis,
  { bid, ask }: { readonly bid: bigint; readonly ask: bigint },
): boolean {
  return (walkedAskPrice ?? ask) >= bid && (walkedBidPrice ?? bid) <= ask;
}

function areFresh(
  { books }: QuoteBasis,
  { symbol, maxQuoteAgeMs }: Instrument,
  { witness, steady }: { readonly witness: Witness; readonly steady: number },
): boolean {
  return books.every(({ sequence }) => {
    const publishedAt = witness.booksAt(symbol, sequence);
    return publishedAt !== null && steady - publishedAt <= maxQuoteAgeMs;
  });
}

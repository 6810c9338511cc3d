import { ONE } from '#shared/domain/decimal.ts';
import type { Price } from '#shared/domain/price.ts';
import type { QuoteBasis } from '../subgraphs/order/domain/rfq/rfq-quote.ts';
import type { RfqAccept } from '../subgraphs/order/domain/rfq/rfq.ts';
import { instrumentOf } from './drawn-orders.ts';
import { QUOTING } from './quoting-settings.ts';
import type { RfqLife, RfqStep } from './rfq-lives.ts';
import type { Witness } from './witness.ts';

const WHOLE_BPS = 10_000n;

/** What is wrong with the decision on an accept: the same tolerance both ways, by a market that there was. */
export function wrongDecision(
  { rfq, life, turn }: RfqStep,
  witness: Witness,
  isHalted: boolean,
): readonly string[] {
  const { state } = rfq;
  const { accept } = life;
  if (accept === null || !('lastLook' in state)) return ['without an accept'];
  const { lastLook } = state;
  const basis = basisOf(life, accept);
  const mid = lastLook?.midPrice ?? null;
  const instrument = instrumentOf(life.symbol);
  if (mid !== null && !witness.isMid(instrument, mid, turn.steady))
    return [`by ${mid}, which was not the market`];
  const move = mid === null || basis === null ? null : moveOf(accept, basis, mid);
  const { tickSize } = instrument;
  if (state.status === 'FILLED') {
    if (isHalted) return ['while it is halted'];
    if ((move === null) !== (basis === null)) return ['without a look'];
    return wrongPrice(state.fillPrice, accept, move, tickSize);
  }
  const isMoved = state.rejectReason === 'LAST_LOOK_PRICE_MOVED';
  return isMoved && !isBeyond(accept, move, tickSize)
    ? ['for a move within what was promised']
    : [];
}

function basisOf({ quotes }: RfqLife, { quoteId }: RfqAccept): QuoteBasis | null {
  return quotes.get(quoteId)?.quote.basis ?? null;
}

/** Whether the client's price is worse by more than the desk and the client bear. */
function isBeyond(accept: RfqAccept, move: Move | null, tickSize: Price): boolean {
  if (move === null || !move.isLarge || !move.isAgainst) return false;
  return !isWithinSlip(accept, exactPrice(accept, move, tickSize));
}

/** How far the market has moved from the quote's middle to the present one. */
interface Move {
  readonly quotedMid: Price;
  readonly mid: Price;
  readonly isLarge: boolean;
  /** Whether the client's price is worse now. */
  readonly isAgainst: boolean;
}

function moveOf(
  { side }: RfqAccept,
  { midPrice: quotedMid, spreadBps }: QuoteBasis,
  mid: Price,
): Move {
  const by = mid > quotedMid ? mid - quotedMid : quotedMid - mid;
  const isBeyond = (bps: bigint) => by * WHOLE_BPS * ONE > bps * quotedMid;
  return {
    quotedMid,
    mid,
    isLarge: isBeyond(BigInt(QUOTING.toleranceBps) * ONE) || isBeyond(spreadBps),
    isAgainst: side === 'BUY' ? mid > quotedMid : mid < quotedMid,
  };
}

function wrongPrice(
  fillPrice: Price,
  accept: RfqAccept,
  move: Move | null,
  tickSize: Price,
): readonly string[] {
  const expected = move?.isLarge === true ? exactPrice(accept, move, tickSize) : accept.price;
  if (fillPrice !== expected) return [`at ${fillPrice} instead of ${expected}`];
  return isWithinSlip(accept, fillPrice) ? [] : [`at ${fillPrice}, beyond the slippage`];
}

/** The price moved with the market, on the tick away from it. */
function exactPrice({ side, price }: RfqAccept, { quotedMid, mid }: Move, tickSize: Price): bigint {
  const ticks = (price * mid) / (quotedMid * tickSize);
  const isWhole = ticks * quotedMid * tickSize === price * mid;
  return (side === 'BUY' && !isWhole ? ticks + 1n : ticks) * tickSize;
}

function isWithinSlip({ side, price, maxSlippageBps }: RfqAccept, filled: bigint): boolean {
  const worse = side === 'BUY' ? filled - price : price - filled;
  return worse * WHOLE_BPS <= BigInt(maxSlippageBps) * price;
}

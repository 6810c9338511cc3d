import { ONE } from '#shared/domain/decimal.ts';
import type { Price } from '#shared/domain/price.ts';
import type { QuoteBasis } from '../../subgraphs/order/domain/rfq/rfq-quote.ts';
import type { RfqAccept } from '../../subgraphs/order/domain/rfq/rfq.ts';
import { instrumentOf } from '../clients/drawn-orders.ts';
import { QUOTING } from '../quoting-settings.ts';
import type { RfqLife, RfqStep } from './rfq-lives.ts';
import type { Witness } from '../witness.ts';

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
  const move =
    mid === null || basis === null ? null : moveOf(accept, basis, mid, lastLook?.takenBps ?? 0n);
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

/** How far the price has moved: with the market's middle, and by what the client has taken. */
interface Move {
  /** What the price was made from. */
  readonly from: bigint;
  /** What it would be made from now, in the same unit. */
  readonly to: bigint;
  readonly isLarge: boolean;
  /** Whether the client's price is worse now. */
  readonly isAgainst: boolean;
}

function moveOf(
  { side, price }: RfqAccept,
  { midPrice: quotedMid, spreadBps, skewBps, outside }: QuoteBasis,
  mid: Price,
  takenBps: bigint,
): Move {
  const whole = WHOLE_BPS * ONE;
  const from = quotedMid * whole;
  const to = mid * (whole + (side === 'BUY' ? takenBps : -takenBps));
  const by = to > from ? to - from : from - to;
  const margin = side === 'BUY' ? spreadBps + skewBps : spreadBps - skewBps;
  const distance = side === 'BUY' ? price - quotedMid : quotedMid - price;
  const away = outside === null ? margin : (distance * whole) / quotedMid;
  const isBeyond = (bps: bigint) => by * whole > bps * from;
  return {
    from,
    to,
    isLarge: isBeyond(BigInt(QUOTING.toleranceBps) * ONE) || isBeyond(away > 0n ? away : 0n),
    isAgainst: side === 'BUY' ? to > from : to < from,
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

/** The moved price, on the tick away from the market. */
function exactPrice({ side, price }: RfqAccept, { from, to }: Move, tickSize: Price): bigint {
  const ticks = (price * to) / (from * tickSize);
  const isWhole = ticks * from * tickSize === price * to;
  return (side === 'BUY' && !isWhole ? ticks + 1n : ticks) * tickSize;
}

function isWithinSlip({ side, price, maxSlippageBps }: RfqAccept, filled: bigint): boolean {
  const worse = side === 'BUY' ? filled - price : price - filled;
  return worse * WHOLE_BPS <= BigInt(maxSlippageBps) * price;
}

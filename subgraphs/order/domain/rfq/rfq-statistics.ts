import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { type Money, moneyOfUnits } from '#shared/domain/money.ts';
import type { AcceptRejectReason } from './rfq-refusal.ts';
import type { RfqOrigin, RfqStatus } from './rfq.ts';

/** The direction in which the market had moved at a last look, from the client's view. */
const MARKET_MOVES = ['FOR_CLIENT', 'NONE', 'AGAINST_CLIENT'] as const;
/** One of {@link MARKET_MOVES}. */
export type MarketMove = (typeof MARKET_MOVES)[number];

/** The number of requests that are equal in all these properties. */
export interface RfqTally {
  readonly symbol: InstrumentSymbol;
  readonly origin: RfqOrigin;
  readonly isQuoted: boolean;
  readonly isAccepted: boolean;
  readonly status: RfqStatus;
  /** Null unless REJECTED. */
  readonly rejectReason: AcceptRejectReason | null;
  /** Null if no last look measured anything. */
  readonly move: MarketMove | null;
  /** The fill price compared with the accepted price; null unless FILLED. */
  readonly fill: 'BETTER' | 'AS_QUOTED' | 'WORSE' | null;
  readonly requests: number;
  /** How much less was paid, or more received, than at the accepted price; negative if the fill was worse. */
  readonly improvement: Money;
}

/** The results of last looks for one direction of the move. */
interface LastLookStatistics {
  readonly move: MarketMove;
  readonly looks: number;
  readonly filledAsQuoted: number;
  readonly improved: number;
  /** Filled at a worse price, within what the client allowed. */
  readonly slipped: number;
  /** Looks that rejected the accept because of the move. */
  readonly rejected: number;
}

/** The outcomes of a client's requests for quote. Rates are counts of 10^-18. */
export interface RfqStatistics {
  readonly requests: number;
  /** Requests that had at least one quote. */
  readonly quoted: number;
  /** Requests with an accept that passed the checks. */
  readonly accepted: number;
  /**
   * Accepts of streamed levels that passed the checks. They do not count as requests, but the fields from here on
   * include them.
   */
  readonly acceptedLevels: number;
  readonly filled: number;
  readonly rejections: readonly { readonly reason: AcceptRejectReason; readonly count: number }[];
  readonly lastLooks: readonly LastLookStatistics[];
  /** Quoted requests divided by all requests; null without requests. */
  readonly responseRate: bigint | null;
  /** Accepted requests divided by quoted requests; null without quotes. */
  readonly acceptanceRate: bigint | null;
  /** One entry for each instrument with a fill, sorted by symbol. */
  readonly improvements: readonly {
    readonly symbol: InstrumentSymbol;
    readonly amount: Money;
  }[];
}

/** Adds up tallies. */
export function rfqStatisticsOf(tallies: readonly RfqTally[]): RfqStatistics {
  const asked = tallies.filter(({ origin }) => origin === 'REQUEST');
  const requests = countOf(asked, () => true);
  const quoted = countOf(asked, ({ isQuoted }) => isQuoted);
  const accepted = countOf(asked, ({ isAccepted }) => isAccepted);
  return {
    requests,
    quoted,
    accepted,
    acceptedLevels: countOf(tallies, ({ origin }) => origin === 'LEVEL'),
    filled: countOf(tallies, ({ status }) => status === 'FILLED'),
    rejections: rejectionsOf(tallies),
    lastLooks: MARKET_MOVES.map((move) => lastLooksOf(tallies, move)),
    responseRate: shareOf(quoted, requests),
    acceptanceRate: shareOf(accepted, quoted),
    improvements: improvementsOf(tallies),
  };
}

function countOf(tallies: readonly RfqTally[], isMeant: (tally: RfqTally) => boolean): number {
  return tallies.reduce((sum, tally) => sum + (isMeant(tally) ? tally.requests : 0), 0);
}

function shareOf(part: number, whole: number): bigint | null {
  return whole === 0 ? null : divideDown(BigInt(part) * ONE, BigInt(whole));
}

function rejectionsOf(tallies: readonly RfqTally[]): RfqStatistics['rejections'] {
  const reasons = new Set(tallies.flatMap(({ rejectReason }) => rejectReason ?? []));
  return [...reasons]
    .sort()
    .map((reason) => ({ reason, count: countOf(tallies, (one) => one.rejectReason === reason) }));
}

function lastLooksOf(tallies: readonly RfqTally[], move: MarketMove): LastLookStatistics {
  const looked = tallies.filter((tally) => tally.move === move);
  return {
    move,
    looks: countOf(looked, () => true),
    filledAsQuoted: countOf(looked, ({ fill }) => fill === 'AS_QUOTED'),
    improved: countOf(looked, ({ fill }) => fill === 'BETTER'),
    slipped: countOf(looked, ({ fill }) => fill === 'WORSE'),
    rejected: countOf(looked, ({ rejectReason }) => rejectReason === 'LAST_LOOK_PRICE_MOVED'),
  };
}

function improvementsOf(tallies: readonly RfqTally[]): RfqStatistics['improvements'] {
  const filled = tallies.filter(({ status }) => status === 'FILLED');
  const symbols = [...new Set(filled.map(({ symbol }) => symbol))].sort();
  return symbols.map((symbol) => {
    const own = filled.filter((tally) => tally.symbol === symbol);
    return { symbol, amount: moneyOfUnits(own.reduce((sum, one) => sum + one.improvement, 0n)) };
  });
}

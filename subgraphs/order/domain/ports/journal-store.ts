import type { AccountId } from '#shared/domain/ids.ts';
import type { FundsCommand } from './funds.ts';
import type { OrderEvent, RecordedOrder } from '../order-event.ts';
import type { LastPrice } from '../last-price.ts';
import type { OutboxEntry } from './outbox.ts';
import type { Position } from '../position.ts';
import type { DailyVolume } from '../daily-volume.ts';
import type { PreventedMatch } from '../prevented-match.ts';
import type { RfqChanges, RfqRecord } from '../rfq/rfq-changes.ts';
import type { CancelTimer, TradingControl } from '../trading-control.ts';

/** All that one turn of the journal changed. It is stored completely or not at all. */
export interface ChangeSet {
  /** New orders, as they are at the end of the turn. */
  readonly inserted: readonly RecordedOrder[];
  /** Older orders that changed, as they are at the end of the turn. */
  readonly updated: readonly RecordedOrder[];
  /** Every event, in order; fills are in theirs. */
  readonly events: readonly OrderEvent[];
  /** Positions that changed, as they are at the end of the turn. */
  readonly positions: readonly Position[];
  /** Prevented self-trades. */
  readonly preventedMatches: readonly PreventedMatch[];
  /** What accounts have traded so far on the days of this turn's fills. */
  readonly dailyVolumes: readonly DailyVolume[];
  /** The last price in the book of the turn's instruments. */
  readonly lastPrices: readonly LastPrice[];
  /** Switches that were set. */
  readonly controls: readonly TradingControl[];
  /**
   * Dead man's switches that were set or have fired, in order: for an account the last one counts.
   */
  readonly cancelTimers: readonly CancelTimer[];
  /** What the ledger must be sent, in order. */
  readonly outbox: readonly FundsCommand[];
  /** Positions of earlier commands that the ledger has applied. */
  readonly applied: readonly bigint[];
  /** Changes of requests for quote. */
  readonly rfq: RfqChanges;
}

/** What the journal must know to begin: everything that can still change. */
export interface JournalRecord {
  /** Orders that are not closed. */
  readonly orders: readonly RecordedOrder[];
  /** Each account's last sequence. */
  readonly sequences: ReadonlyMap<AccountId, bigint>;
  /**
   * When the newest event happened or request for quote was made, milliseconds since the epoch; 0
   * before the first.
   */
  readonly newestAt: number;
  readonly positions: readonly Position[];
  /** Of the thirty days that fee tiers count. */
  readonly dailyVolumes: readonly DailyVolume[];
  readonly lastPrices: readonly LastPrice[];
  readonly controls: readonly TradingControl[];
  readonly cancelTimers: readonly CancelTimer[];
  readonly rfq: RfqRecord;
}

/** Where the journal's truth is stored. */
export interface JournalStore {
  /** What is there now, milliseconds since the epoch. */
  load(nowMs: number): Promise<JournalRecord>;
  /**
   * Stores a turn.
   * @returns what it has stored for the ledger, in order
   * @throws TurnRefusedError if it broke a constraint and nothing was stored; another error when it
   *   is not known to be stored: then {@link JournalStore.load} shows it
   */
  commit(changes: ChangeSet): Promise<readonly OutboxEntry[]>;
}

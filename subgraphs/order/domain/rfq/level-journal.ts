import type { AccountId, ClientRfqId, InstrumentSymbol, UserId } from '#shared/domain/ids.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { LevelFrame } from './price-level.ts';
import type { AcceptCommand, AcceptedQuote } from './rfq-journal.ts';
import type { RfqRefusal } from './rfq-refusal.ts';

/** Which levels to stream, and to whom. */
export interface LevelAsk {
  readonly accountId: AccountId;
  readonly userId: UserId;
  readonly symbol: InstrumentSymbol;
  /** Base units, without repeats. */
  readonly sizes: readonly Quantity[];
}

/** The result of opening a stream of levels. */
export type OpenedLevels =
  | { readonly kind: 'open'; readonly frames: AsyncIterableIterator<LevelFrame, undefined> }
  | { readonly kind: 'refused'; readonly refusal: RfqRefusal };

/** The accept of a level, whose `quoteId` is the client's id for it, and the request that it creates. */
export interface AcceptLevelCommand extends AcceptCommand {
  /** Chosen by the desk, since the client requested nothing. */
  readonly clientRfqId: ClientRfqId;
}

/** What the use cases need from whoever makes levels. */
export interface LevelJournal {
  /** Levels are in memory only: those of an earlier run of the process have ended. */
  open(ask: LevelAsk): OpenedLevels;
  /**
   * Takes a level for the account: stores its request, its quote and its accept in one turn, and
   * begins to hold its funds.
   * @throws UnavailableError if it is not known whether that happened
   */
  accept(command: AcceptLevelCommand): Promise<AcceptedQuote>;
}

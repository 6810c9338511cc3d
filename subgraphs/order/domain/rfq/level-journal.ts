import type { AccountId, ClientRfqId, InstrumentSymbol, UserId } from '#shared/domain/ids.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { LevelFrame } from './price-level.ts';
import type { AcceptCommand, AcceptedQuote } from './rfq-journal.ts';
import type { RfqRefusal } from './rfq-refusal.ts';

/** Which levels are to be streamed, and to whom. */
export interface LevelAsk {
  readonly accountId: AccountId;
  readonly userId: UserId;
  readonly symbol: InstrumentSymbol;
  /** Base units, each once. */
  readonly sizes: readonly Quantity[];
}

/** What became of asking for a stream of levels. */
export type OpenedLevels =
  | { readonly kind: 'open'; readonly frames: AsyncIterableIterator<LevelFrame, undefined> }
  | { readonly kind: 'refused'; readonly refusal: RfqRefusal };

/** The accept of a level, whose `quoteId` is the client's id for it, and the request that it makes. */
export interface AcceptLevelCommand extends AcceptCommand {
  readonly accountId: AccountId;
  /** Made by us: nobody has asked. */
  readonly clientRfqId: ClientRfqId;
}

/** What the use cases ask about levels. */
export interface LevelJournal {
  /** Levels are in memory: those of a former run of the process are over. */
  open(ask: LevelAsk): OpenedLevels;
  /**
   * Takes a level in the account's name: stores its request, its quote and its accept at once, and begins to hold its
   * funds. @throws UnavailableError if that is not known
   */
  accept(command: AcceptLevelCommand): Promise<AcceptedQuote>;
}

import { termsRefusal, usedRefusal } from '../../domain/rfq/check-accept.ts';
import type { AcceptLevelCommand } from '../../domain/rfq/level-journal.ts';
import { levelGoneRefusal } from '../../domain/rfq/price-level.ts';
import type { RfqRefusal } from '../../domain/rfq/rfq-refusal.ts';
import type { Turn } from '../turn.ts';
import { deskRefusal, type MadeAccept, recordAccept } from './accept-quote.ts';
import type { LevelDesk } from './level-desk.ts';

/**
 * Checks the accept of a level and records it. The request, the level as its quote, and the accept
 * are one turn: nothing is stored for a level that nobody takes, and once taken it is a request like
 * any other.
 */
export function acceptLevel(turn: Turn, desk: LevelDesk, command: AcceptLevelCommand): MadeAccept {
  const { accountId, rfqId, clientRfqId, terms, arrivedAt } = command;
  const found = desk.find(command, terms.quoteId, arrivedAt);
  if (found.kind === 'taken') return refused(usedRefusal('The level has already been accepted.'));
  if (found.kind === 'gone') return refused(levelGoneRefusal());
  const { level } = found;
  const { symbol, size: quantity } = level;
  const instrument = turn.instruments.get(symbol);
  if (instrument === undefined) return refused(levelGoneRefusal());
  const about = { id: rfqId, accountId, symbol };
  const refusal =
    termsRefusal(terms, level, level, instrument) ?? deskRefusal(turn, about, command, instrument);
  if (refusal !== null) return refused(refusal);
  const asked = { ...about, clientRfqId, side: null, size: { quantity, quoteQuantity: null } };
  const rfq = turn.rfqs.requestByLevel(asked, level, terms.quoteId);
  desk.take(command, level);
  return { kind: 'pending', rfq: recordAccept(turn, rfq, command, instrument), replayed: false };
}

function refused(refusal: RfqRefusal): MadeAccept {
  return { kind: 'refused', rfq: null, refusal };
}

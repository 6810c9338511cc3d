import type { AccountId } from '#shared/domain/ids.ts';
import { DESK_ACCOUNTS } from './account.ts';
import { type Applied, appliedAt, causedBy } from './applied.ts';
import type { SettleSide, SettleTrade } from './ledger-command.ts';
import type { LedgerView } from './ledger-draft.ts';
import { Posting, type PostingSide } from './posting.ts';

/**
 * Settles one trade: base from seller to buyer, quote from buyer to seller, a fee from each to the
 * fees account, and what a better price saved is released.
 *
 * Accounts and holds were checked when the holds were placed, so nothing is refused here: a hold
 * that has ended or holds too little means that the order subgraph and the ledger disagree.
 * @throws Error then, and nothing of the trade is done
 */
export function settleTrade(view: LedgerView, command: SettleTrade, atMs: number): Applied {
  const { tradeId, base, quote, quantity, cost, buyer, seller } = command;
  const posting = new Posting(view, atMs);
  posting.checkAmount(base, quantity);
  posting.checkAmount(quote, cost);
  const leg = (name: string) => ({ id: `${tradeId}.${name}`, reference: `${tradeId}.${name}` });
  const trade = (name: string) => ({ ...leg(name), type: 'TRADE' as const });
  const fee = (name: string) => ({ ...leg(name), type: 'FEE' as const, asset: quote });

  posting.move({ ...trade('base'), asset: base, amount: quantity, from: seller, to: buyer });
  posting.move({ ...trade('quote'), asset: quote, amount: cost, from: buyer, to: seller });
  posting.move({ ...fee('buyer-fee'), amount: buyer.fee, from: buyer, to: feesFor(buyer) });
  // The seller's hold is in the base asset: the fee comes out of the proceeds, which are free.
  const proceeds = { ...seller, holdId: null };
  posting.move({ ...fee('seller-fee'), amount: seller.fee, from: proceeds, to: feesFor(seller) });
  posting.releasePart(buyer, buyer.release);
  posting.releasePart(seller, seller.release);

  const orderOf = (accountId: AccountId) =>
    [buyer, seller].find((side) => side.accountId === accountId)?.orderId ?? null;
  const draft = posting.finish((accountId) =>
    causedBy('TRADE_SETTLED', { tradeId, orderId: orderOf(accountId) }),
  );
  return { outcome: appliedAt(atMs), draft };
}

function feesFor({ orderId, fillId }: SettleSide): PostingSide {
  return { accountId: DESK_ACCOUNTS.FEES, holdId: null, orderId, fillId };
}

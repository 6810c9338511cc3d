import { type AccountAccess, permittedAccount } from '../account-access.ts';
import { answersOf } from './batch.ts';
import {
  type PlaceOrder,
  placeOrder,
  type PlaceOrderOutcome,
  type PlaceOrderPorts,
} from './place-order.ts';

/** Orders of one account in one command. */
export interface PlaceOrders {
  readonly accountId: string;
  readonly orders: readonly PlaceOrder[];
}

/** The answer to a batch. */
export type PlaceOrdersOutcome =
  | {
      readonly kind: 'placed';
      /** One for each order, in the same order. */
      readonly outcomes: readonly PlaceOrderOutcome[];
    }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/**
 * Places orders independently and all at once: they share the journal's turns and the ledger's
 * calls, which take them in the given order.
 * @throws UnavailableError if nothing was done with one of them because a part of the system does
 *   not answer; others may have been placed, and the batch can be repeated
 */
export async function placeOrders(
  ports: PlaceOrderPorts,
  access: AccountAccess,
  { accountId: account, orders }: PlaceOrders,
): Promise<PlaceOrdersOutcome> {
  const accountId = permittedAccount(account, access.mayTrade);
  if (accountId === null) return { kind: 'accountNotFound', accountId: account };
  const outcomes = await answersOf(orders.map((order) => placeOrder(ports, access, order)));
  return { kind: 'placed', outcomes };
}

import { parseInstrumentSymbol } from '#shared/domain/ids.ts';
import { type AccountAccess, permittedAccount } from '../account-access.ts';
import { answersOf } from './batch.ts';
import {
  type CancelOrder,
  cancelOrder,
  type CancelOrderOutcome,
  type CancelOrderPorts,
} from './cancel-order.ts';
import type { RecordedOrder } from '../order-event.ts';
import type { OrderSide } from '../order.ts';
import type { SafetySwitches } from '../safety-switches.ts';

/** Which orders of an account to cancel, as received; a null or omitted field is no condition. */
export interface CancelAllOrders {
  readonly accountId: string;
  readonly symbol?: string | null | undefined;
  readonly side?: OrderSide | null | undefined;
}

/** The answer to a cancel of all orders. */
export type CancelAllOrdersOutcome =
  | { readonly kind: 'canceled'; readonly orders: readonly RecordedOrder[] }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/** The answer to a batch of cancels. */
export type CancelOrdersOutcome =
  | { readonly kind: 'answered'; readonly outcomes: readonly CancelOrderOutcome[] }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/**
 * Cancels all orders of an account that are not closed when the command has its turn, including
 * those whose funds are still being held. An unknown instrument has none.
 * @throws UnavailableError if it is not known to have happened; repeating it is harmless
 */
export async function cancelAllOrders(
  safety: SafetySwitches,
  access: AccountAccess,
  { accountId: account, symbol: text, side }: CancelAllOrders,
): Promise<CancelAllOrdersOutcome> {
  const accountId = permittedAccount(account, access.mayTrade);
  if (accountId === null) return { kind: 'accountNotFound', accountId: account };
  const symbol = text == null ? null : parseInstrumentSymbol(text);
  if (text != null && symbol === null) return { kind: 'canceled', orders: [] };
  return {
    kind: 'canceled',
    orders: await safety.cancelAll({ accountId, symbol, side: side ?? null }),
  };
}

/**
 * Cancels orders independently: one that cannot be canceled stops no other.
 * @throws UnavailableError if a part of the system does not answer; the batch can be repeated
 */
export async function cancelOrders(
  ports: CancelOrderPorts,
  access: AccountAccess,
  {
    accountId: account,
    orders,
  }: {
    readonly accountId: string;
    readonly orders: readonly CancelOrder['order'][];
  },
): Promise<CancelOrdersOutcome> {
  const accountId = permittedAccount(account, access.mayTrade);
  if (accountId === null) return { kind: 'accountNotFound', accountId: account };
  const outcomes = await answersOf(
    orders.map((order) => cancelOrder(ports, access, { accountId, order })),
  );
  return { kind: 'answered', outcomes };
}

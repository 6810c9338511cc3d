import { type AccountAccess, permittedAccount } from '../account-access.ts';
import type { OrderDenial } from '../rules/order-denial.ts';
import type { OrderPreview } from '../order-preview.ts';
import { type PlaceOrder, type PlaceOrderPorts, wellFormed } from './place-order.ts';

/** The answer to a preview. */
export type PreviewOrderOutcome =
  | { readonly kind: 'preview'; readonly preview: OrderPreview }
  /** An id is malformed, so that it cannot be an order. */
  | { readonly kind: 'malformed'; readonly violations: readonly OrderDenial[] }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/**
 * What placing an order would do now. It writes nothing and uses up nothing, not even the
 * clientOrderId. What is free is not looked at: the answer says what would be held.
 * @throws UnavailableError if a part of the system does not answer, TooManyPreviewsError if many of the user wait
 */
export async function previewOrder(
  ports: Pick<PlaceOrderPorts, 'journal' | 'instruments' | 'newOrderId'>,
  access: AccountAccess,
  command: PlaceOrder,
): Promise<PreviewOrderOutcome> {
  const accountId = permittedAccount(command.accountId, access.mayRead);
  if (accountId === null) return { kind: 'accountNotFound', accountId: command.accountId };
  const order = wellFormed(ports, { userId: access.userId, accountId }, command);
  if ('kind' in order)
    return { kind: 'malformed', violations: order.kind === 'denied' ? order.violations : [] };
  const instrument = (await ports.instruments.find(order.symbol)) ?? null;
  return { kind: 'preview', preview: await ports.journal.preview(order, instrument) };
}

import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { CancelOrderInput } from '../__generated__/graphql.ts';
import type { CancelOrder } from '../domain/cancel-order.ts';

/** The command of an input. @throws DomainError BAD_USER_INPUT unless it has exactly one id */
export function parseCancelOrder({ accountId, order }: CancelOrderInput): CancelOrder {
  const { id, clientOrderId } = order;
  if (id != null && clientOrderId == null) return { accountId, order: { kind: 'id', id } };
  if (clientOrderId != null && id == null)
    return { accountId, order: { kind: 'clientOrderId', clientOrderId } };
  throw new DomainError(
    DomainErrorCode.BAD_USER_INPUT,
    'Field "order" must have exactly one member.',
  );
}

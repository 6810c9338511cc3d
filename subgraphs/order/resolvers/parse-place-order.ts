import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { PlaceOrderInput } from '../__generated__/graphql.ts';
import type { PlaceOrder } from '../domain/place-order.ts';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import { NO_LINK } from '../domain/order-link.ts';
import { parseExit } from './parse-order-link.ts';
import { parseOrderTerms } from './parse-order-terms.ts';

const CONNECTION_ID = /^[A-Za-z0-9_.:-]{1,64}$/;

/**
 * The command of an input.
 * @param origin of a request whose orders its connection guards
 * @throws DomainError BAD_USER_INPUT unless it has exactly one terms
 */
export function parsePlaceOrder(
  input: PlaceOrderInput,
  origin: ClientOrigin | null = null,
): PlaceOrder {
  const { terms, exit, selfTradePrevention = 'CANCEL_TAKER', guardConnectionId, ...ids } = input;
  const inTerms = parseOrderTerms(terms);
  const guard = guardConnectionId ?? origin?.guardConnectionId ?? null;
  if (guard !== null && !CONNECTION_ID.test(guard))
    throw new DomainError(
      DomainErrorCode.BAD_USER_INPUT,
      'Field "guardConnectionId" is malformed.',
    );
  const chosen = { selfTradePrevention, guardConnectionId: guard };
  const instructions = { ...NO_INSTRUCTIONS, ...inTerms.instructions, ...chosen };
  const parsed = { ...inTerms, instructions };
  if (exit == null) return { ...ids, ...parsed };
  return { ...ids, ...parsed, link: { ...NO_LINK, ...parsed.link, exit: parseExit(exit) } };
}

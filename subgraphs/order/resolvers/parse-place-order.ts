import { connectionGuard } from '#shared/identity/connection-guard.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { PlaceOrderInput } from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import type { PlaceOrder } from '../domain/use-cases/place-order.ts';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import { NO_LINK } from '../domain/order-link.ts';
import { parseComparisonToken } from './parse-comparison-token.ts';
import { parseExit } from './parse-order-link.ts';
import { parseOrderTerms } from './parse-order-terms.ts';

const CONNECTION_ID = /^[A-Za-z0-9_.:-]{1,64}$/;

/**
 * The command of an input.
 * @param from the sender: a connection guards only orders of its own user
 * @throws DomainError BAD_USER_INPUT unless it has exactly one terms
 */
export function parsePlaceOrder(
  input: PlaceOrderInput,
  from: Pick<OrderContext, 'viewer' | 'origin'>,
): PlaceOrder {
  const { terms, exit, selfTradePrevention = 'CANCEL_TAKER', ...rest } = input;
  const { guardConnectionId, comparisonToken: tokenText, validUntil, ...ids } = rest;
  const inTerms = parseOrderTerms(terms);
  const connectionId = guardConnectionId ?? from.origin?.guardConnectionId ?? null;
  const guard = connectionId === null ? null : guardOf(from, connectionId);
  const until = validUntil == null ? null : Date.parse(validUntil);
  const chosen = { selfTradePrevention, guardConnectionId: guard, validUntil: until };
  const instructions = { ...NO_INSTRUCTIONS, ...inTerms.instructions, ...chosen };
  const parsed = { ...inTerms, instructions };
  const comparisonToken = parseComparisonToken(tokenText);
  if (exit == null && comparisonToken === null) return { ...ids, ...parsed };
  const link = { ...NO_LINK, ...parsed.link, comparisonToken };
  return { ...ids, ...parsed, link: exit == null ? link : { ...link, exit: parseExit(exit) } };
}

function guardOf({ viewer }: Pick<OrderContext, 'viewer'>, connectionId: string): string {
  if (viewer.kind === 'trader' && CONNECTION_ID.test(connectionId))
    return connectionGuard(viewer.userId, connectionId);
  const message = 'Field "guardConnectionId" is malformed.';
  throw new DomainError(DomainErrorCode.BAD_USER_INPUT, message);
}

import type { PlaceOrderInput } from '../__generated__/graphql.ts';
import type { PlaceOrder } from '../domain/place-order.ts';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import { NO_LINK } from '../domain/order-link.ts';
import { parseExit } from './parse-order-link.ts';
import { parseOrderTerms } from './parse-order-terms.ts';

/** The command of an input. @throws DomainError BAD_USER_INPUT unless it has exactly one terms */
export function parsePlaceOrder(input: PlaceOrderInput): PlaceOrder {
  const { terms, exit, selfTradePrevention = 'CANCEL_TAKER', ...ids } = input;
  const inTerms = parseOrderTerms(terms);
  const instructions = { ...NO_INSTRUCTIONS, ...inTerms.instructions, selfTradePrevention };
  const parsed = { ...inTerms, instructions };
  if (exit == null) return { ...ids, ...parsed };
  return { ...ids, ...parsed, link: { ...NO_LINK, ...parsed.link, exit: parseExit(exit) } };
}

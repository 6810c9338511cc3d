import type { PlaceOrderInput } from '../__generated__/graphql.ts';
import type { PlaceOrder } from '../domain/place-order.ts';
import { parseOrderTerms } from './parse-order-terms.ts';

/** The command of an input. @throws DomainError BAD_USER_INPUT unless it has exactly one terms */
export function parsePlaceOrder({ terms, ...ids }: PlaceOrderInput): PlaceOrder {
  return { ...ids, ...parseOrderTerms(terms) };
}

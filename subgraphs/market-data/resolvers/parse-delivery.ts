import { MAX_RATE, sharedRate } from '#shared/domain/delivery-rate.ts';
import type { DeliveryInput } from '../__generated__/graphql.ts';
import type { Delivery } from '../streams/market-streams.ts';
import { refuse } from './refuse.ts';

/** The rate of a stream that sends only the newest state. @throws DomainError BAD_USER_INPUT */
export function parseLatestRate(input: DeliveryInput | null | undefined): number | null {
  const delivery = parseDelivery(input);
  if (delivery.mode === 'LATEST') return delivery.maxPerSecond;
  return refuse('This stream sends only the latest state: the mode of "delivery" must be LATEST.');
}

/** A delivery with its rate rounded down to a possible one. @throws DomainError BAD_USER_INPUT */
export function parseDelivery(input: DeliveryInput | null | undefined): Delivery {
  const maxPerSecond = input?.maxPerSecond ?? null;
  const rate = maxPerSecond === null ? null : sharedRate(maxPerSecond);
  if (rate === undefined)
    return refuse(`"maxPerSecond" must be from 1 to ${MAX_RATE}; it was ${maxPerSecond}.`);
  if (input?.mode === 'ALL') {
    if (maxPerSecond !== null)
      return refuse('"maxPerSecond" can only be used with the mode LATEST.');
    return { mode: 'ALL' };
  }
  return { mode: 'LATEST', maxPerSecond: rate };
}

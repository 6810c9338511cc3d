import { assertNever } from '#shared/domain/invariant.ts';
import { DomainError, DomainErrorCode, rateLimited } from '#shared/graphql/domain-error.ts';
import { unknownInstrumentMessage } from '#shared/domain/unknown-instrument.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import type { LevelFrame } from '../../domain/rfq/price-level.ts';
import { eachEvent } from '../fresh-reads.ts';
import { parseLevelSizes } from '../parse-rfq.ts';
import { orUnavailable, orServedElsewhere } from '../unavailable.ts';

export const priceLevels: NonNullable<SubscriptionResolvers['priceLevels']> = {
  subscribe: async (_parent, { accountId, symbol, quantities }, { rfqUseCases }) => {
    const sizes = parseLevelSizes(quantities);
    const work = rfqUseCases.streamLevels({ accountId, symbol, sizes });
    const outcome = await orUnavailable(orServedElsewhere(work));
    switch (outcome.kind) {
      case 'open':
        return untilServedElsewhere(outcome.frames) as AsyncIterable<never>;
      case 'refused': {
        const { reason, message, retryAfterMs } = outcome.refusal;
        throw rateLimited(message, { reason, ...(retryAfterMs === null ? {} : { retryAfterMs }) });
      }
      case 'accountNotFound':
        throw new DomainError(
          DomainErrorCode.NOT_FOUND,
          'There is no account with this id for which you can stream prices.',
        );
      case 'instrumentNotFound':
        throw new DomainError(DomainErrorCode.BAD_USER_INPUT, unknownInstrumentMessage(symbol));
      default:
        return assertNever(outcome, 'Subscription.priceLevels');
    }
  },
  resolve: eachEvent((frame: LevelFrame) => ({ __typename: 'PriceLevels', ...frame })),
};

/** The same frames; that the books were lost is told as it is to anyone who asks for them then. */
function untilServedElsewhere(
  frames: AsyncIterableIterator<LevelFrame, undefined>,
): AsyncIterableIterator<LevelFrame, undefined> {
  const told: AsyncIterableIterator<LevelFrame, undefined> = {
    next: () => orServedElsewhere(frames.next()),
    return: () => frames.return?.() ?? Promise.resolve({ done: true, value: undefined }),
    [Symbol.asyncIterator]: () => told,
  };
  return told;
}

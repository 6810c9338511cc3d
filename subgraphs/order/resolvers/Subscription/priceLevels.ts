import { assertNever } from '#shared/domain/invariant.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import type { LevelFrame } from '../../domain/rfq/price-level.ts';
import { parseLevelSizes } from '../parse-rfq.ts';
import { orUnavailable } from '../unavailable.ts';

export const priceLevels: NonNullable<SubscriptionResolvers['priceLevels']> = {
  subscribe: async (_parent, { accountId, symbol, quantities }, { rfqUseCases }) => {
    const sizes = parseLevelSizes(quantities);
    const work = rfqUseCases.streamLevels({ accountId, symbol, sizes });
    const outcome = await orUnavailable(work);
    switch (outcome.kind) {
      case 'open':
        return outcome.frames as AsyncIterable<never>;
      case 'refused': {
        const { reason, message } = outcome.refusal;
        throw new DomainError(DomainErrorCode.RATE_LIMITED, message, { reason });
      }
      case 'accountNotFound':
        throw new DomainError(
          DomainErrorCode.NOT_FOUND,
          'There is no account with this id for which you can stream prices.',
        );
      case 'instrumentNotFound': {
        const message = `There is no instrument ${JSON.stringify(symbol)}.`;
        throw new DomainError(DomainErrorCode.BAD_USER_INPUT, message);
      }
      default:
        return assertNever(outcome, 'Subscription.priceLevels');
    }
  },
  resolve: (frame: LevelFrame) => ({ __typename: 'PriceLevels', ...frame }),
};

import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { SubscriptionResolvers } from '../../__generated__/graphql.ts';
import type { Rfq } from '../../domain/rfq/rfq.ts';
import { eachEvent } from '../fresh-reads.ts';

export const openRfqs: NonNullable<SubscriptionResolvers['openRfqs']> = {
  subscribe: (_parent, _args, { rfqUseCases }) => {
    const stream = rfqUseCases.openRfqs();
    if (stream !== null) return stream as AsyncIterable<never>;
    throw new DomainError(
      DomainErrorCode.FORBIDDEN,
      'Only traders of the desk can see open requests.',
    );
  },
  resolve: eachEvent((rfqs: readonly Rfq[]) => ({ rfqs: [...rfqs] })),
};

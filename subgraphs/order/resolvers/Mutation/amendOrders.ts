import { assertNever } from '#shared/domain/invariant.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { amendOrderAnswer } from '../amend-order-answer.ts';
import { accountNotFound } from '../answers.ts';
import { parseAmendOrders } from '../parse-amend-order.ts';
import { orUnavailable } from '../unavailable.ts';

export const amendOrders: NonNullable<MutationResolvers['amendOrders']> = async (
  _parent,
  { input },
  { useCases },
) => {
  const command = parseAmendOrders(input);
  const { outcome, ...times } = await orUnavailable(useCases.amendOrders(command));
  switch (outcome.kind) {
    case 'answered': {
      const results = outcome.outcomes.map((one) => amendOrderAnswer({ outcome: one, ...times }));
      return { __typename: 'AmendsAnswered', results };
    }
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'Mutation.amendOrders');
  }
};

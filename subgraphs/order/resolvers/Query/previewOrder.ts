import { assertNever } from '#shared/domain/invariant.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';
import { accountNotFound } from '../answers.ts';
import { orderPreviewAnswer, refusedPreview } from '../order-preview-answer.ts';
import { parsePlaceOrder } from '../parse-place-order.ts';
import { orUnavailable } from '../unavailable.ts';

export const previewOrder: NonNullable<QueryResolvers['previewOrder']> = async (
  _parent,
  { input },
  context,
) => {
  const outcome = await orUnavailable(
    context.useCases.previewOrder(parsePlaceOrder(input, context)),
  );
  switch (outcome.kind) {
    case 'preview':
      return orderPreviewAnswer(outcome.preview);
    case 'malformed':
      return refusedPreview(outcome.violations);
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'Query.previewOrder');
  }
};

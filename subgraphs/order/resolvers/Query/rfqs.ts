import type { QueryResolvers } from '../../__generated__/graphql.ts';
import { rfqsPage } from '../rfqs-page.ts';

export const rfqs: NonNullable<QueryResolvers['rfqs']> = (
  _parent,
  { accountId, ...args },
  context,
) => rfqsPage(accountId, args, context);

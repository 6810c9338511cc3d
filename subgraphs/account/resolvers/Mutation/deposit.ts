import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { runTransfer } from '../run-transfer.ts';

export const deposit: NonNullable<MutationResolvers['deposit']> = (_parent, { input }, context) =>
  runTransfer(context, { kind: 'deposit', ...input });

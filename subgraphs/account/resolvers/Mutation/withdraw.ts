import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { runTransfer } from '../run-transfer.ts';

export const withdraw: NonNullable<MutationResolvers['withdraw']> = (_parent, { input }, context) =>
  runTransfer(context, { kind: 'withdraw', ...input });

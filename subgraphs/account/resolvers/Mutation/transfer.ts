import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { runTransfer } from '../run-transfer.ts';

export const transfer: NonNullable<MutationResolvers['transfer']> = (
  _parent,
  { input: { code = null, ...input } },
  context,
) => runTransfer(context, { kind: 'transfer', ...input }, code);

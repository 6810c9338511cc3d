import type { QueryResolvers } from '../../__generated__/graphql.ts';

export const deskBook: NonNullable<QueryResolvers['deskBook']> = async (
  _parent,
  _args,
  { rfqUseCases },
) => {
  const positions = await rfqUseCases.deskBook();
  return positions === 'notTheDesk'
    ? { __typename: 'NotTheDesk', message: 'Only the desk can read its book.' }
    : { __typename: 'DeskBook', positions: [...positions] };
};

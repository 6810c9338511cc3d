/** An account that is not there, or on which the caller may not do this. */
export function accountNotFound(accountId: string) {
  const message = 'There is no account of this id that you may use so.';
  return { __typename: 'AccountNotFound', accountId, message } as const;
}

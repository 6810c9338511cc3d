/** A nonexistent account, or one on which the caller cannot do this. */
export function accountNotFound(accountId: string) {
  const message = 'There is no account with this id on which you can do this.';
  return { __typename: 'AccountNotFound', accountId, message } as const;
}

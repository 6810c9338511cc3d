/** An account that the desk has frozen, whose members therefore stay as they are. */
export function accountFrozen(accountId: string) {
  const message =
    'The desk has frozen this account; its members stay as they are until it is unfrozen.';
  return { __typename: 'AccountFrozen', accountId, message } as const;
}

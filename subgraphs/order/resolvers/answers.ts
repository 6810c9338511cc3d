/** The outcome of a command is not known; the times are added by who answers. */
export function outcomeUnknown(order: {
  readonly accountId: string;
  readonly clientOrderId: string;
}) {
  const { accountId, clientOrderId } = order;
  return {
    __typename: 'OrderOutcomeUnknown' as const,
    accountId,
    clientOrderId,
    message:
      'A part of the system did not answer in time; ask orderByClientOrderId, or repeat the request.',
  };
}

/** An absent account and someone else's are one answer. */
export function accountNotFound({ accountId }: { readonly accountId: string }) {
  return {
    __typename: 'AccountNotFound' as const,
    accountId,
    message: 'There is no account of this id that you may trade on.',
  };
}

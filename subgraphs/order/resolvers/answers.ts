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
      'A component did not respond in time. Repeat the request unchanged, which never takes effect twice, or query orderByClientOrderId.',
  };
}

/** An absent account and someone else's are one answer. */
export function accountNotFound({ accountId }: { readonly accountId: string }) {
  return {
    __typename: 'AccountNotFound' as const,
    accountId,
    message: 'There is no account with this id that you can trade on.',
  };
}

import { toTimestamp } from '#shared/domain/clock.ts';
import type { Answered } from '../answered.ts';

/** When a command came and was answered, as every answer has it. */
export function timesOf({ receivedAt, answeredAt }: Omit<Answered<unknown>, 'outcome'>) {
  return { receivedAt: toTimestamp(receivedAt), answeredAt: toTimestamp(answeredAt) };
}

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

/** An absent order and someone else's are one answer; the times are added by who answers. */
export const ORDER_NOT_FOUND = {
  __typename: 'OrderNotFound',
  message: 'The account has no such order.',
} as const;

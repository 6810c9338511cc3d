import type { AccountId } from '#shared/domain/ids.ts';
import { denial, type OrderDenial } from './order-denial.ts';

/** How many orders and changes an account can send in a period. */
export interface MessageRateLimit {
  readonly messages: number;
  readonly windowMs: number;
}

/** The start value; a program that sends more has gone wrong. */
export const MESSAGE_RATE: MessageRateLimit = { messages: 10_000, windowMs: 10_000 };

/** What is left of an account's allowance. */
export interface MessageAllowance extends MessageRateLimit {
  readonly remaining: number;
}

/** When more accounts than this are remembered, those with a full allowance are forgotten. */
const MAX_REMEMBERED = 10_000;

/**
 * Counts an account's messages, by the generic cell rate algorithm: a full window at once, and then
 * as fast as it is replenished. Cancels, and whatever stops trading, are not counted, because they
 * must always pass.
 */
export class MessageRate {
  readonly #limit: MessageRateLimit;
  /** When each account's window is empty again, milliseconds since the epoch. */
  readonly #emptyAt = new Map<AccountId, number>();

  constructor(limit: MessageRateLimit) {
    this.#limit = limit;
  }

  /**
   * Takes one message.
   * @returns RATE_LIMIT_EXCEEDED if it is one too many, and then it is not counted
   */
  take(accountId: AccountId, nowMs: number): OrderDenial | null {
    const { messages, windowMs } = this.#limit;
    const emptyAt = this.#emptyAtOf(accountId, nowMs) + windowMs / messages;
    // A message's share is a fraction, and a full window must hold all of them.
    if (emptyAt - nowMs > windowMs + windowMs / messages / 2) return tooMany(this.#limit);
    if (this.#emptyAt.size > MAX_REMEMBERED) this.#forget(nowMs);
    this.#emptyAt.set(accountId, emptyAt);
    return null;
  }

  /** What an account can send now. */
  allowance(accountId: AccountId, nowMs: number): MessageAllowance {
    const { messages, windowMs } = this.#limit;
    const usedMs = this.#emptyAtOf(accountId, nowMs) - nowMs;
    // A message's own share is a fraction, and a full window has to hold all of them.
    const remaining = Math.max(0, Math.floor(((windowMs - usedMs) * messages) / windowMs + 0.5));
    return { messages, windowMs, remaining };
  }

  /**
   * Now, if it was before, or is so far ahead that only a clock that was set back can explain it.
   */
  #emptyAtOf(accountId: AccountId, nowMs: number): number {
    const { messages, windowMs } = this.#limit;
    const emptyAt = this.#emptyAt.get(accountId) ?? nowMs;
    const isBelieved = emptyAt - nowMs <= windowMs + windowMs / messages;
    return isBelieved ? Math.max(emptyAt, nowMs) : nowMs;
  }

  #forget(nowMs: number): void {
    for (const [accountId, emptyAt] of this.#emptyAt)
      if (emptyAt <= nowMs) this.#emptyAt.delete(accountId);
  }
}

function tooMany({ messages, windowMs }: MessageRateLimit): OrderDenial {
  const message = `The account sent more than ${messages} orders and amends in ${windowMs} ms.`;
  const [limit, actual] = [`${messages}`, `${messages + 1}`];
  return denial('RATE_LIMIT_EXCEEDED', message, { rule: 'messageRate', limit, actual });
}

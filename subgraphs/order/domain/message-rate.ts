import { denial, type OrderDenial } from './order-denial.ts';
import type { Sender } from './sender.ts';
import { SenderRate, type TooMany } from './sender-rate.ts';

/** How many orders and changes an account can send in a period, and a user on all accounts together. */
export interface MessageRateLimit {
  readonly messages: number;
  readonly windowMs: number;
}

/** The start value; a program that sends more has gone wrong. */
export const MESSAGE_RATE: MessageRateLimit = { messages: 10_000, windowMs: 10_000 };

/** What is left of an allowance. */
export interface MessageAllowance extends MessageRateLimit {
  readonly remaining: number;
}

/** The {@link SenderRate} of orders and changes. Cancels are not counted, and what stops trading is never refused for it. */
export class MessageRate {
  readonly #limit: MessageRateLimit;
  readonly #rate: SenderRate;

  constructor(limit: MessageRateLimit) {
    this.#limit = limit;
    this.#rate = new SenderRate([{ most: limit.messages, windowMs: limit.windowMs }]);
  }

  /**
   * Takes one message.
   * @param nowMs by `steadyNow`
   * @returns RATE_LIMIT_EXCEEDED if it is one too many, and then it is not counted
   */
  take(sender: Sender, nowMs: number): OrderDenial | null {
    const excess = this.#rate.take(sender, nowMs);
    return excess === null ? null : denialOf(excess);
  }

  /** What a sender can send now. @param nowMs by `steadyNow` */
  allowance(sender: Sender, nowMs: number): MessageAllowance {
    const [remaining = 0] = this.#rate.remaining(sender, nowMs);
    return { ...this.#limit, remaining };
  }
}

function denialOf({ window: { most, windowMs }, retryAfterMs }: TooMany): OrderDenial {
  const message = `The account, or you on all your accounts, sent more than ${most} orders and amends in ${windowMs} ms.`;
  const [limit, actual] = [`${most}`, `${most + 1}`];
  const values = { rule: 'messageRate', limit, actual, retryAfterMs };
  return denial('RATE_LIMIT_EXCEEDED', message, values);
}

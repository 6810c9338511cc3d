import { denial, type OrderDenial } from './order-denial.ts';
import { countedAs, type Sender } from './sender.ts';

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

/** When more senders than this are remembered, those with a full allowance are forgotten. */
const MAX_REMEMBERED = 10_000;

/**
 * Counts the messages of each account and of each user, by the generic cell rate algorithm: a full
 * window at once, and then as fast as it is replenished. One that is too many for either is counted
 * for neither. Cancels are not counted, and what stops trading is never refused for it.
 */
export class MessageRate {
  readonly #limit: MessageRateLimit;
  /** When each window is empty again, by the steady time; see {@link countedAs}. */
  readonly #emptyAt = new Map<string, number>();

  constructor(limit: MessageRateLimit) {
    this.#limit = limit;
  }

  /**
   * Takes one message.
   * @param nowMs by `steadyNow`: after a step of the wall clock one message would look like a window full
   * @returns RATE_LIMIT_EXCEEDED if it is one too many, and then it is not counted
   */
  take(sender: Sender, nowMs: number): OrderDenial | null {
    const { messages, windowMs } = this.#limit;
    const names = countedAs(sender);
    const taken = names.map((name) => this.#emptyAtOf(name, nowMs) + windowMs / messages);
    // A message's share is a fraction, and a full window must hold all of them.
    const latest = nowMs + windowMs + windowMs / messages / 2;
    const wait = Math.ceil(Math.max(...taken) - latest);
    if (wait > 0) return tooMany(this.#limit, wait);
    if (this.#emptyAt.size > MAX_REMEMBERED) this.#forget(nowMs);
    for (const [index, name] of names.entries()) this.#emptyAt.set(name, taken[index] ?? nowMs);
    return null;
  }

  /** What a sender can send now. @param nowMs by `steadyNow` */
  allowance(sender: Sender, nowMs: number): MessageAllowance {
    const { messages, windowMs } = this.#limit;
    const emptyAt = Math.max(...countedAs(sender).map((name) => this.#emptyAtOf(name, nowMs)));
    // A message's own share is a fraction, and a full window has to hold all of them.
    const left = ((windowMs - (emptyAt - nowMs)) * messages) / windowMs;
    return { messages, windowMs, remaining: Math.max(0, Math.floor(left + 0.5)) };
  }

  /** Now, if it was before. */
  #emptyAtOf(name: string, nowMs: number): number {
    return Math.max(this.#emptyAt.get(name) ?? nowMs, nowMs);
  }

  #forget(nowMs: number): void {
    for (const [name, emptyAt] of this.#emptyAt) if (emptyAt <= nowMs) this.#emptyAt.delete(name);
  }
}

function tooMany({ messages, windowMs }: MessageRateLimit, retryAfterMs: number): OrderDenial {
  const message = `The account, or you on all your accounts, sent more than ${messages} orders and amends in ${windowMs} ms.`;
  const [limit, actual] = [`${messages}`, `${messages + 1}`];
  const values = { rule: 'messageRate', limit, actual, retryAfterMs };
  return denial('RATE_LIMIT_EXCEEDED', message, values);
}

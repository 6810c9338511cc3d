import { invariant } from '#shared/domain/invariant.ts';
import { denial, type OrderDenial } from './order-denial.ts';
import type { Sender } from './sender.ts';
import { type RateWindow, SenderRate, type TooMany, type WindowLeft } from './sender-rate.ts';

/** The start value; a program that sends more has gone wrong. */
export const MESSAGE_RATE: RateWindow = { most: 10_000, windowMs: 10_000 };

/** The {@link SenderRate} of orders and changes. Cancels are not counted, and what stops trading is never refused for it. */
export class MessageRate {
  readonly #rate: SenderRate;

  constructor(window: RateWindow) {
    this.#rate = new SenderRate([window]);
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
  left(sender: Sender, nowMs: number): WindowLeft {
    const [left] = this.#rate.left(sender, nowMs);
    invariant(left !== undefined, 'messages are counted in no window');
    return left;
  }
}

function denialOf({ window: { most, windowMs }, retryAfterMs }: TooMany): OrderDenial {
  const message = `The account, or you on all your accounts, sent more than ${most} orders and amends in ${windowMs} ms.`;
  const [limit, actual] = [`${most}`, `${most + 1}`];
  const values = { rule: 'messageRate', limit, actual, retryAfterMs };
  return denial('RATE_LIMIT_EXCEEDED', message, values);
}

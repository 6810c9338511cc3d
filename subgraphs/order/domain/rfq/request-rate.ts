import type { Sender } from '../rules/sender.ts';
import {
  type RateWindow,
  SenderRate,
  type TooMany,
  type WindowLeft,
} from '../rules/sender-rate.ts';
import { type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';

/** The {@link SenderRate} of requests for quote. */
export class RequestRate {
  readonly #rate: SenderRate;

  constructor(windows: readonly RateWindow[]) {
    this.#rate = new SenderRate(windows);
  }

  /**
   * Counts one request.
   * @param nowMs by `steadyNow`
   * @returns RATE_LIMIT_EXCEEDED if it is one too many; null otherwise
   */
  take(sender: Sender, nowMs: number): RfqRefusal | null {
    const excess = this.#rate.take(sender, nowMs);
    return excess === null ? null : refusalOf(excess);
  }

  /** How many requests a sender has left in each window. @param nowMs by `steadyNow` */
  left(sender: Sender, nowMs: number): readonly WindowLeft[] {
    return this.#rate.left(sender, nowMs);
  }
}

function refusalOf({ window: { most, windowMs }, retryAfterMs }: TooMany): RfqRefusal {
  const message = `The account, or you on all your accounts, requested more than ${most} quotes in ${windowMs} ms.`;
  const [limit, actual] = [`${most}`, `${most + 1}`];
  const values = { rule: 'requestRate', limit, actual, retryAfterMs };
  return rfqRefusal('RATE_LIMIT_EXCEEDED', message, values);
}

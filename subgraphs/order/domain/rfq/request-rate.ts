import type { Sender } from '../sender.ts';
import { SenderRate, type TooMany } from '../sender-rate.ts';
import { type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';

/** The most requests of an account in a period, and of a user on all accounts together. */
export interface RequestWindow {
  readonly requests: number;
  readonly windowMs: number;
}

/** How much of one window is left. */
export interface RequestQuota extends RequestWindow {
  /** The number of requests that would be accepted now. */
  readonly remaining: number;
}

/** The {@link SenderRate} of requests for quote. */
export class RequestRate {
  readonly #windows: readonly RequestWindow[];
  readonly #rate: SenderRate;

  constructor(windows: readonly RequestWindow[]) {
    this.#windows = windows;
    this.#rate = new SenderRate(
      windows.map(({ requests, windowMs }) => ({ most: requests, windowMs })),
    );
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
  quotas(sender: Sender, nowMs: number): readonly RequestQuota[] {
    const remaining = this.#rate.remaining(sender, nowMs);
    return this.#windows.map((window, index) => ({ ...window, remaining: remaining[index] ?? 0 }));
  }
}

function refusalOf({ window: { most, windowMs }, retryAfterMs }: TooMany): RfqRefusal {
  const message = `The account, or you on all your accounts, requested more than ${most} quotes in ${windowMs} ms.`;
  const [limit, actual] = [`${most}`, `${most + 1}`];
  const values = { rule: 'requestRate', limit, actual, retryAfterMs };
  return rfqRefusal('RATE_LIMIT_EXCEEDED', message, values);
}

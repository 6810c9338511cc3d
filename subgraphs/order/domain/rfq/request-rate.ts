import type { AccountId } from '#shared/domain/ids.ts';
import { type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';

/** How many requests an account may make in a time. */
export interface RequestWindow {
  readonly requests: number;
  readonly windowMs: number;
}

/** What is left of one window. */
export interface RequestQuota extends RequestWindow {
  /** Requests that would be taken now. */
  readonly remaining: number;
}

/** Accounts that are remembered before those with nothing left to wait for are forgotten. */
const MAX_REMEMBERED = 10_000;

/**
 * Counts requests for quote in several windows at once, each by the generic cell rate algorithm: a full window at once,
 * and then as fast as it fills again. A request is counted in all windows, or refused and counted in none.
 */
export class RequestRate {
  readonly #windows: readonly RequestWindow[];
  /** When each of an account's windows is empty again, milliseconds since the epoch. */
  readonly #emptyAt = new Map<AccountId, readonly number[]>();

  constructor(windows: readonly RequestWindow[]) {
    this.#windows = windows;
  }

  /** Takes one request. @returns RATE_LIMIT_EXCEEDED when it is one too many */
  take(accountId: AccountId, nowMs: number): RfqRefusal | null {
    const full = this.quotas(accountId, nowMs).find(({ remaining }) => remaining === 0);
    if (full !== undefined) return tooMany(full);
    if (this.#emptyAt.size > MAX_REMEMBERED) this.#forget(nowMs);
    const taken = this.#windows.map(
      (window, index) => this.#emptyAtOf(accountId, { window, index }, nowMs) + shareOf(window),
    );
    this.#emptyAt.set(accountId, taken);
    return null;
  }

  /** What an account has left of each window. */
  quotas(accountId: AccountId, nowMs: number): readonly RequestQuota[] {
    return this.#windows.map((window, index) => {
      const emptyAt = this.#emptyAtOf(accountId, { window, index }, nowMs);
      const room = nowMs + window.windowMs - emptyAt;
      // A request's own share is a fraction, and a full window has to hold all of them.
      const remaining = Math.max(0, Math.floor(room / shareOf(window) + 0.5));
      return { ...window, remaining };
    });
  }

  /** Now, where it was before, or is so far ahead that only a clock that was set back can tell why. */
  #emptyAtOf(
    accountId: AccountId,
    { window, index }: { readonly window: RequestWindow; readonly index: number },
    nowMs: number,
  ): number {
    const emptyAt = this.#emptyAt.get(accountId)?.[index] ?? nowMs;
    const isBelieved = emptyAt - nowMs <= window.windowMs + shareOf(window);
    return isBelieved ? Math.max(emptyAt, nowMs) : nowMs;
  }

  #forget(nowMs: number): void {
    for (const [accountId, emptyAt] of this.#emptyAt)
      if (emptyAt.every((one) => one <= nowMs)) this.#emptyAt.delete(accountId);
  }
}

function shareOf({ requests, windowMs }: RequestWindow): number {
  return windowMs / requests;
}

function tooMany({ requests, windowMs }: RequestWindow): RfqRefusal {
  const message = `The account requested more than ${requests} quotes in ${windowMs} ms.`;
  const [limit, actual] = [`${requests}`, `${requests + 1}`];
  return rfqRefusal('RATE_LIMIT_EXCEEDED', message, { rule: 'requestRate', limit, actual });
}

import { countedAs, type Sender } from '../sender.ts';
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

/** With more senders than this, those whose windows are empty again are forgotten. */
const MAX_REMEMBERED = 10_000;

/**
 * Counts the requests for quote of each account and of each user in several windows at once, each by the generic cell
 * rate algorithm: a burst of a full window, then requests at the window's average rate. A request is counted in all
 * windows, or refused and counted in none.
 */
export class RequestRate {
  readonly #windows: readonly RequestWindow[];
  /** When each window of a name is empty again, by the steady time; see {@link countedAs}. */
  readonly #emptyAt = new Map<string, readonly number[]>();

  constructor(windows: readonly RequestWindow[]) {
    this.#windows = windows;
  }

  /**
   * Counts one request.
   * @param nowMs by `steadyNow`: after a step of the wall clock one request would look like a window full
   * @returns RATE_LIMIT_EXCEEDED if it is one too many; null otherwise
   */
  take(sender: Sender, nowMs: number): RfqRefusal | null {
    const full = this.quotas(sender, nowMs).find(({ remaining }) => remaining === 0);
    if (full !== undefined) return tooMany(full);
    if (this.#emptyAt.size > MAX_REMEMBERED) this.#forget(nowMs);
    for (const name of countedAs(sender)) {
      const taken = this.#windows.map(
        (window, index) => this.#emptyAtOf(name, index, nowMs) + shareOf(window),
      );
      this.#emptyAt.set(name, taken);
    }
    return null;
  }

  /** How many requests a sender has left in each window. @param nowMs by `steadyNow` */
  quotas(sender: Sender, nowMs: number): readonly RequestQuota[] {
    const names = countedAs(sender);
    return this.#windows.map((window, index) => {
      const emptyAt = names.map((name) => this.#emptyAtOf(name, index, nowMs));
      const room = nowMs + window.windowMs - Math.max(...emptyAt);
      // A request's share of the window can be a fraction. Rounding makes the full window hold all its requests.
      const remaining = Math.max(0, Math.floor(room / shareOf(window) + 0.5));
      return { ...window, remaining };
    });
  }

  /** When a window is empty again; now, if that time has passed. */
  #emptyAtOf(name: string, index: number, nowMs: number): number {
    return Math.max(this.#emptyAt.get(name)?.[index] ?? nowMs, nowMs);
  }

  #forget(nowMs: number): void {
    for (const [name, emptyAt] of this.#emptyAt)
      if (emptyAt.every((one) => one <= nowMs)) this.#emptyAt.delete(name);
  }
}

function shareOf({ requests, windowMs }: RequestWindow): number {
  return windowMs / requests;
}

function tooMany({ requests, windowMs }: RequestWindow): RfqRefusal {
  const message = `The account, or you on all your accounts, requested more than ${requests} quotes in ${windowMs} ms.`;
  const [limit, actual] = [`${requests}`, `${requests + 1}`];
  return rfqRefusal('RATE_LIMIT_EXCEEDED', message, { rule: 'requestRate', limit, actual });
}

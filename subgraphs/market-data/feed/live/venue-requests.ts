import { setTimeout as pause } from 'node:timers/promises';
import { textOfAnswer } from './text-of-answer.ts';

/** How many requests are open at once: the first refusal comes before most of many are sent. */
const AT_ONCE = 4;
/** Too many requests, and banned for having gone on after that. */
const REFUSED_FOR_A_WHILE: readonly number[] = [429, 418];
/** If the venue does not say how long: venues count by the minute. */
const USUAL_REST_MS = 60_000;
/** A ban can last for days, and one request an hour does not extend it. */
const LONGEST_REST_MS = 60 * 60 * 1000;

/** Binance counts 6,000 a minute, a large book as 250, and says with each answer how much of that is used. */
const USED_WEIGHT = 'x-mbx-used-weight-1m';
const MOST_WEIGHT = 4750;
const MINUTE_MS = 60_000;
/** A date in a header has no fractions of a second. */
const DATE_STEP_MS = 1000;

/** The limits of a request. */
export interface RequestLimits {
  /** Of the request itself, without the wait for its turn. */
  readonly timeoutMs: number;
  /** Ends the request, and the wait for its turn. */
  readonly signal?: AbortSignal | undefined;
  /** Whether it is next among those that wait: there can be many books, for minutes. */
  readonly goesFirst?: boolean;
}

/**
 * HTTP requests to one venue: few at once, and none while the venue has asked for a rest or would soon. A
 * venue bans whoever goes on asking, and its books cannot be had until the ban is over.
 */
export class VenueRequests {
  #openCount = 0;
  /** Those that wait for their turn, the next one first. */
  readonly #waiting: (() => void)[] = [];
  /** By the monotonic clock. */
  #restsUntilMs = -Infinity;

  /**
   * The text of an answer.
   * @throws Error if the answer is a refusal, or does not arrive in time, or the signal aborts
   */
  async textOf(url: string, limits: RequestLimits): Promise<string> {
    await this.#turn(limits);
    try {
      return await this.#ask(url, limits);
    } finally {
      this.#handOn();
    }
  }

  #turn({ signal, goesFirst = false }: RequestLimits): Promise<void> {
    signal?.throwIfAborted();
    if (this.#openCount < AT_ONCE) {
      this.#openCount += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const take = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', leave);
      if (goesFirst) this.#waiting.unshift(take);
      else this.#waiting.push(take);
    });
  }

  #handOn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#openCount -= 1;
    else next();
  }

  async #ask(url: string, { timeoutMs, signal }: RequestLimits): Promise<string> {
    // Another request can be refused meanwhile.
    for (let restMs = this.#restMs(); restMs > 0; restMs = this.#restMs())
      await pause(restMs, undefined, { signal });
    signal?.throwIfAborted();
    const limit = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, {
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      headers: { 'user-agent': 'deskgraph' },
    });
    this.#rest(restOf(response));
    const text = await textOfAnswer(response);
    if (!response.ok) throw new Error(`The venue answered ${response.status}.`);
    return text;
  }

  /** A shorter rest that another refusal asks for ends no longer one. */
  #rest(restMs: number): void {
    this.#restsUntilMs = Math.max(this.#restsUntilMs, performance.now() + restMs);
  }

  #restMs(): number {
    return this.#restsUntilMs - performance.now();
  }
}

/** How long to ask for nothing after an answer. */
function restOf({ status, headers }: Response): number {
  if (REFUSED_FOR_A_WHILE.includes(status)) return restAskedFor(headers);
  if (Number(headers.get(USED_WEIGHT) ?? 0) <= MOST_WEIGHT) return 0;
  // Counting begins again with each minute of the venue's clock.
  return MINUTE_MS - (Date.parse(headers.get('date') ?? '') % MINUTE_MS || 0) + DATE_STEP_MS;
}

/** What the venue asks for, in seconds; venues do not use the form with a date. */
function restAskedFor(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? NaN);
  return seconds > 0 ? Math.min(seconds * 1000, LONGEST_REST_MS) : USUAL_REST_MS;
}

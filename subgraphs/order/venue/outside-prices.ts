import { z } from 'zod';
import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import { parseDisplayText } from '#shared/domain/display-text.ts';
import { parsePrice } from '#shared/domain/price.ts';
import { Pool } from '#shared/http/connection-pool.ts';
import { post, PostTimeoutError } from '#shared/http/post.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { OutsidePrice } from '../domain/rfq/outside-price.ts';
import type { QuoteAsk } from '../domain/rfq/quote-pricer.ts';
import { type OutsideAsk, takeFairly, WantedPrice } from './wanted-price.ts';

/** A price that nobody has requested for this long is not kept fresh, in milliseconds. */
const WANTED_MS = 2000;
/** The most prices in one call; see {@link takeFairly}. */
const MAX_ASKS = 200;
/** The longest wait, in calls that take their full time: the running one, and the caller's own. */
const CALLS_WAITED = 2;
const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_REFERENCE_LENGTH = 200;

/** How an outside pricer is called. */
export interface OutsidePricesOptions {
  /** The URL to which requests for prices are posted. */
  readonly url: string;
  /** The time limit for an answer; a later one counts as none. */
  readonly deadlineMs: number;
  /** Prices are requested again after this time. */
  readonly refreshMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Why there are no prices. */
export type OutsideFailure = 'LATE' | 'UNREACHABLE' | 'REFUSED' | 'MALFORMED';

const decimal = z.string().max(40).nullable();
const answerSchema = z.object({
  prices: z.array(
    z
      .object({
        bidPrice: decimal,
        askPrice: decimal,
        reference: z
          .string()
          .refine((text) => referenceOf(text) !== undefined)
          .nullish(),
      })
      .nullable(),
  ),
});

/**
 * The prices of an outside pricer, kept fresh in memory while they are wanted. One call fetches all of them, and only
 * one call runs at a time. After a failed call there are no prices until one succeeds.
 */
export class OutsidePrices {
  readonly #options: OutsidePricesOptions;
  readonly #pool: Pool;
  readonly #path: string;
  readonly #wishes = new Map<string, WantedPrice>();
  #calling: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;
  #failure: OutsideFailure | null = null;

  constructor(options: OutsidePricesOptions) {
    const { origin, pathname, search } = new URL(options.url);
    this.#options = options;
    this.#path = `${pathname}${search}`;
    this.#pool = new Pool(origin, { connections: 1, maxResponseSize: MAX_ANSWER_BYTES });
  }

  /** Why the last call failed; null if it succeeded. */
  get failure(): OutsideFailure | null {
    return this.#failure;
  }

  /** The newest price, which is kept fresh from now on; null if there is none (yet). */
  price(ask: OutsideAsk, wantedBy?: QuoteAsk['wantedBy']): OutsidePrice | null {
    return this.#want(ask, wantedBy).price;
  }

  /** Resolves once the pricer has answered, whatever the answer, or when the longest wait is over. */
  async prepare(ask: OutsideAsk, wantedBy?: QuoteAsk['wantedBy']): Promise<void> {
    const wish = this.#want(ask, wantedBy);
    if (wish.price !== null || this.#isStopped) return;
    await new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, CALLS_WAITED * this.#options.deadlineMs);
      wish.waiting.push(() => {
        clearTimeout(limit);
        resolve();
      });
    });
  }

  /** Stops calling the pricer, and wakes everyone who waits. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#calling;
    for (const { waiting } of this.#wishes.values()) for (const wake of waiting) wake();
    await this.#pool.close();
  }

  #want(ask: OutsideAsk, wantedBy: QuoteAsk['wantedBy']): WantedPrice {
    const key = [ask.symbol, ask.tier.name, ask.size.quantity, ask.size.quoteQuantity].join('/');
    const wantedAt = steadyNow(this.#options.clock);
    const known = this.#wishes.get(key);
    // The most recently wanted is last; a full call omits a user's oldest ones without a waiting caller.
    this.#wishes.delete(key);
    const wish = known ?? new WantedPrice(ask, wantedAt);
    wish.want(wantedBy, wantedAt);
    this.#wishes.set(key, wish);
    if (known === undefined) this.#callSoon(0);
    return wish;
  }

  #callSoon(delayMs: number): void {
    if (this.#isStopped || this.#calling !== null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#calling = this.#call().finally(() => {
        this.#calling = null;
        if (this.#wishes.size === 0) return;
        // Callers that arrived during the call must not wait for the next refresh.
        const isWaitedFor = [...this.#wishes.values()].some(({ waiting }) => waiting.length > 0);
        this.#callSoon(isWaitedFor ? 0 : this.#options.refreshMs);
      });
    }, delayMs);
  }

  async #call(): Promise<void> {
    const { clock } = this.#options;
    const [askedAt, steadyMs] = [clock.now(), steadyNow(clock)];
    for (const [key, { wantedAt, waiting }] of this.#wishes)
      if (steadyMs - wantedAt > WANTED_MS && waiting.length === 0) this.#wishes.delete(key);
    const wishes = takeFairly([...this.#wishes.values()], MAX_ASKS, steadyMs);
    if (wishes.length === 0) return;
    const prices = await this.#ask(wishes, askedAt);
    this.#note(typeof prices === 'string' ? prices : null);
    if (typeof prices === 'string') for (const wish of this.#wishes.values()) wish.price = null;
    wishes.forEach((wish, index) => {
      wish.price = typeof prices === 'string' ? null : (prices[index] ?? null);
      for (const wake of wish.waiting.splice(0)) wake();
    });
  }

  async #ask(
    wishes: readonly WantedPrice[],
    askedAt: number,
  ): Promise<readonly (OutsidePrice | null)[] | OutsideFailure> {
    const { deadlineMs: timeoutMs } = this.#options;
    const asked = wishes.map(({ ask }) => ({ askedAt, askedOn: ask.marketAt(askedAt) }));
    const body = JSON.stringify({ asks: wishes.map(({ ask }) => askText(ask)) });
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    try {
      const answer = await post(this.#pool, { path: this.#path, headers, body, timeoutMs });
      if (answer.statusCode !== 200) return 'REFUSED';
      return pricesOf(answer.text, asked) ?? 'MALFORMED';
    } catch (cause) {
      return cause instanceof PostTimeoutError ? 'LATE' : 'UNREACHABLE';
    }
  }

  #note(failure: OutsideFailure | null): void {
    if (failure === this.#failure) return;
    this.#failure = failure;
    const { logger } = this.#options;
    if (failure === null) logger.info({}, 'the outside pricer is responding again');
    else
      logger.warn(
        { failure },
        'the outside pricer does not return prices; the desk is not quoting',
      );
  }
}

function askText({ symbol, size: { quantity, quoteQuantity }, tier }: OutsideAsk) {
  return {
    symbol,
    quantity: quantity === null ? null : formatUnits(quantity),
    quoteQuantity: quoteQuantity === null ? null : formatUnits(quoteQuantity),
    tier: tier.name,
  };
}

/** The prices in an answer; null if it is malformed or has another number of prices. */
function pricesOf(
  text: string,
  asked: readonly Pick<OutsidePrice, 'askedAt' | 'askedOn'>[],
): readonly (OutsidePrice | null)[] | null {
  const answer = answerSchema.safeParse(jsonOf(text));
  if (!answer.success || answer.data.prices.length !== asked.length) return null;
  const prices: (OutsidePrice | null)[] = [];
  for (const [index, when] of asked.entries()) {
    const price = answer.data.prices[index] ?? null;
    if (price === null) {
      prices.push(null);
      continue;
    }
    const [bidPrice, askPrice] = [price.bidPrice, price.askPrice].map((one) =>
      one === null ? null : parsePrice(one),
    );
    const isRead = (read: unknown, given: string | null) => read !== null || given === null;
    if (!isRead(bidPrice, price.bidPrice) || !isRead(askPrice, price.askPrice)) return null;
    const reference = referenceOf(price.reference ?? '') ?? null;
    prices.push({ bidPrice: bidPrice ?? null, askPrice: askPrice ?? null, reference, ...when });
  }
  return prices;
}

/**
 * A pricer's name for a price, null for an empty one; undefined if it cannot be shown. The store refuses some of those,
 * and with them the whole turn of the quote.
 */
function referenceOf(text: string): string | null | undefined {
  return text === '' ? null : (parseDisplayText(text, MAX_REFERENCE_LENGTH) ?? undefined);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

import type { AccountId } from '#shared/domain/ids.ts';
import { TooManyPreviewsError } from '../domain/too-many-previews-error.ts';

/** How many previews of one account may be under way. */
const MOST_OF_ACCOUNT = 10;

/**
 * Runs previews one after the other, the accounts taking turns, with whatever else waits between them. A preview meets every
 * order that its order would trade with, and a read costs its client nothing: many of them in one turn of the journal would
 * keep all orders, and the lease of the books, waiting.
 */
export class PreviewQueue {
  /** What waits, for each account that has a preview under way. */
  readonly #waiting = new Map<AccountId, (() => void)[]>();
  #isRunning = false;

  /** @throws TooManyPreviewsError if too many of the account are under way */
  async run<Result>(accountId: AccountId, work: () => Promise<Result>): Promise<Result> {
    const waiting = this.#waiting.get(accountId) ?? [];
    if (waiting.length >= MOST_OF_ACCOUNT) throw new TooManyPreviewsError(MOST_OF_ACCOUNT);
    await new Promise<void>((begin) => {
      this.#waiting.set(accountId, [...waiting, begin]);
      if (!this.#isRunning) this.#next();
    });
    try {
      return await work();
    } finally {
      // Not at once: what has been received meanwhile, and the renewal of the lease, come first.
      setImmediate(() => {
        this.#next();
      });
    }
  }

  /** Begins the first one of the account that has waited longest for its turn. */
  #next(): void {
    const [first] = this.#waiting;
    this.#isRunning = first !== undefined;
    if (first === undefined) return;
    const [accountId, [begin, ...others]] = first;
    this.#waiting.delete(accountId);
    if (others.length > 0) this.#waiting.set(accountId, others);
    begin?.();
  }
}

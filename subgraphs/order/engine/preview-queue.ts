import type { NewOrder } from '../domain/order-progress.ts';
import { TooManyPreviewsError } from '../domain/too-many-previews-error.ts';

/** How many previews of one user may be under way, or of one account if its caller is not a user. */
const MOST_OF_USER = 10;

/**
 * Runs previews one after the other, the users taking turns on however many accounts, with whatever else waits between them.
 * A preview meets every order that its order would trade with, and a read costs its client nothing: many of them in one turn
 * of the journal would keep all orders, and the lease of the books, waiting.
 */
export class PreviewQueue {
  /** What waits, for each user who has a preview under way. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #isRunning = false;

  /** @throws TooManyPreviewsError if too many of the order's user are under way */
  async run<Result>(
    { accountId, placedBy }: Pick<NewOrder, 'accountId' | 'placedBy'>,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const user = placedBy ?? accountId;
    const waiting = this.#waiting.get(user) ?? [];
    if (waiting.length >= MOST_OF_USER) throw new TooManyPreviewsError(MOST_OF_USER);
    await new Promise<void>((begin) => {
      this.#waiting.set(user, [...waiting, begin]);
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

  /** Begins the first one of the user who has waited longest for their turn. */
  #next(): void {
    const [first] = this.#waiting;
    this.#isRunning = first !== undefined;
    if (first === undefined) return;
    const [user, [begin, ...others]] = first;
    this.#waiting.delete(user);
    if (others.length > 0) this.#waiting.set(user, others);
    begin?.();
  }
}

import type { NewOrder } from '../domain/order-progress.ts';
import { TooManyPreviewsError } from '../domain/ports/too-many-previews-error.ts';

/** The most waiting previews of one user, or of one account if the caller is not a user. */
const MOST_OF_USER = 10;

/**
 * Runs previews one after the other and lets other work run between them. Users take turns, however many accounts they
 * have. A preview walks every order that its order would trade with, and costs its client little: many in one turn of
 * the journal would delay all orders, and the renewal of the lease.
 */
export class PreviewQueue {
  /** Of each user who has any, in the order of their turns. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #isRunning = false;

  /** Runs a preview in its turn. @throws TooManyPreviewsError if too many of its user wait */
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
      // Not at once: received messages and the renewal of the lease go first.
      setImmediate(() => {
        this.#next();
      });
    }
  }

  /** Starts the first preview of the user who has waited longest. */
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

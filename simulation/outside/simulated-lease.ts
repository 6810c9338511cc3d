import { NotOwnerError } from '../../subgraphs/order/domain/ports/not-owner-error.ts';
import type { OwnerLease } from '../../subgraphs/order/domain/ports/owner-lease.ts';
import type { Misfortune } from '../misfortune.ts';
import type { ProcessLife } from '../process-life.ts';
import { storeStep } from './store-step.ts';
import type { VirtualTime } from '../virtual-time.ts';

const LEASE_MS = 2000;

/** The lease as the order store holds it. Outlives every process. */
export class StoredLease {
  /** The last owner's token; each new owner gets a higher one. */
  token = 0;
  expiresAt = 0;
  /** How many writes of previous owners were refused. */
  staleWrites = 0;
}

/** One process's access to the lease, and the fence before its writes. */
export class SimulatedLease implements OwnerLease {
  readonly #stored: StoredLease;
  readonly #time: VirtualTime;
  readonly #works: Parameters<typeof storeStep>[0];
  readonly #misfortune: Misfortune;
  #token: number | null = null;

  constructor(options: {
    readonly stored: StoredLease;
    readonly time: VirtualTime;
    readonly life: ProcessLife;
    readonly misfortune: Misfortune;
  }) {
    this.#stored = options.stored;
    this.#time = options.time;
    this.#works = options;
    this.#misfortune = options.misfortune;
  }

  /** See {@link OwnerLease.take}. */
  async take(): Promise<boolean> {
    // A process that never learns that it has the lease does not know its token.
    this.#token = await this.#step(() => {
      if (this.#stored.expiresAt > this.#time.steadyNow()) return null;
      this.#stored.token += 1;
      this.#prolong();
      return this.#stored.token;
    });
    return this.#token !== null;
  }

  /** See {@link OwnerLease.renew}. */
  async renew(): Promise<boolean> {
    const isMine = await this.#step(() => {
      const isNewest = this.#token === this.#stored.token;
      if (isNewest) this.#prolong();
      return isNewest;
    });
    if (!isMine) this.#token = null;
    return isMine;
  }

  /** The token by which it owns the books, as far as it knows; null if it does not. */
  get token(): number | null {
    return this.#token;
  }

  /** See {@link OwnerLease.release}; the processes here only die. */
  release(): Promise<void> {
    return Promise.resolve();
  }

  /** @throws NotOwnerError if this process knows that it does not have the lease */
  expectHeld(): void {
    if (this.#token === null) throw new NotOwnerError();
  }

  /** The fence before every write. @throws NotOwnerError if another process has taken the lease since */
  fence(): void {
    this.expectHeld();
    if (this.#token === this.#stored.token || this.#misfortune.planted === 'FENCE_FORGOTTEN')
      return;
    this.#stored.staleWrites += 1;
    throw new NotOwnerError();
  }

  #prolong(): void {
    this.#stored.expiresAt = this.#time.steadyNow() + LEASE_MS;
  }

  #step<Result>(effect: () => Result): Promise<Result> {
    return storeStep(this.#works, effect, true);
  }
}

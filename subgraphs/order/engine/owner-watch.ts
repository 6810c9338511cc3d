import type { Logger } from '#shared/logging/logger.ts';
import { Outage } from '#shared/logging/outage.ts';
import type { OwnerLease } from '../domain/ports/owner-lease.ts';
import type { Journal } from './journal.ts';
import { type Pause, pauseFor } from './pause.ts';
import { StopGate } from './stop-gate.ts';

/** A few renewals may fail before the lease ends. */
const RENEW_MS = 500;
const LOOK_MS = 250;
/** An owner that was killed a moment ago still has its lease for this long. */
const FIRST_LOOKS_MS = 2500;
const RETRY_MS = 1000;

/**
 * Takes the lease of the books when it is free and renews it; the journal works only while it is
 * held. While another process has it, this one stands by.
 */
export class OwnerWatch {
  readonly #lease: OwnerLease;
  readonly #journal: Journal;
  readonly #logger: Logger;
  readonly #pause: Pause;
  readonly #now: () => number;
  readonly #stopping = new StopGate();
  readonly #outage: Outage;
  #isOwner = false;
  /** Looks that failed in a row. */
  #failures = 0;
  #watching: Promise<void> | null = null;
  #starting: Promise<void> | null = null;

  constructor(options: {
    readonly lease: OwnerLease;
    readonly journal: Journal;
    readonly logger: Logger;
    /** By the machine's clock if omitted. */
    readonly pause?: Pause;
    /** Milliseconds since whenever; the machine's own if omitted. */
    readonly now?: () => number;
  }) {
    this.#lease = options.lease;
    this.#journal = options.journal;
    this.#logger = options.logger;
    this.#outage = new Outage(options.logger, {
      away: 'could not read the lease of the order books',
      back: 'the lease of the order books can be read again',
    });
    this.#pause = options.pause ?? pauseFor;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Whether this process has the books. */
  get isOwner(): boolean {
    return this.#isOwner;
  }

  /** Takes the lease, or stands by if another process keeps it longer than a dead one could. */
  async start(): Promise<void> {
    const startedAt = this.#now();
    do await this.#look();
    while (!this.#isOwner && (await this.#paused(LOOK_MS)) < startedAt + FIRST_LOOKS_MS);
    if (!this.#isOwner && this.#failures === 0)
      this.#logger.info('another process owns the order books: this one stands by');
    this.#watching = this.#watch();
  }

  /** Stops looking; the lease stays until {@link OwnerWatch.release}. */
  async stop(): Promise<void> {
    this.#stopping.stop();
    await Promise.all([this.#watching, this.#starting]);
  }

  /** Lets another process take over at once. Call it when nothing is written any more. */
  async release(): Promise<void> {
    if (!this.#isOwner) return;
    this.#isOwner = false;
    // If the database does not answer, the lease ends by itself.
    await this.#lease.release().catch(() => undefined);
  }

  async #watch(): Promise<void> {
    while (!this.#stopping.isStopped) {
      await this.#paused(this.#isOwner ? RENEW_MS : LOOK_MS);
      if (!this.#stopping.isStopped) await this.#look();
    }
  }

  async #look(): Promise<void> {
    try {
      const isHeld = await (this.#isOwner ? this.#lease.renew() : this.#lease.take());
      this.#failures = 0;
      this.#outage.answered();
      if (isHeld && !this.#isOwner) this.#begin();
      else if (!isHeld && this.#isOwner) this.#end();
    } catch (cause) {
      // While it lasts nobody else can take it either; after that the fence protects our writes.
      this.#failures += 1;
      // One look may fail because the database is slow to begin: the next is soon enough.
      if (this.#failures > 1) this.#outage.failed(cause);
    }
  }

  #begin(): void {
    this.#isOwner = true;
    this.#logger.info('this process owns the order books');
    // Whatever it has in memory may be older than another process's ownership.
    this.#journal.resign();
    this.#starting = this.#startJournal();
  }

  #end(): void {
    this.#isOwner = false;
    this.#journal.resign();
    this.#logger.warn('another process has taken over the order books');
  }

  /** The journal logs why it could not start; here it is only tried again. */
  async #startJournal(): Promise<void> {
    while (this.#isOwner && !this.#stopping.isStopped) {
      const isStarted = await this.#journal.start().then(
        () => true,
        () => false,
      );
      if (isStarted) return;
      await this.#paused(RETRY_MS);
    }
  }

  /** @returns the time afterwards */
  async #paused(ms: number): Promise<number> {
    await this.#pause(ms, this.#stopping);
    return this.#now();
  }
}

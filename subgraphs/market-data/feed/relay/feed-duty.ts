import { randomUUID } from 'node:crypto';
import type { EventBus } from '#shared/events/event-bus.ts';
import type { SharedState } from '#shared/events/shared-state.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { OtherReader } from './other-reader.ts';

/** Long enough for a few renewals to fail before the duty ends. */
const LASTS_MS = 2000;
const LOOK_MS = 400;
/** After this long without an answer, each process reads the venues itself. */
const ALONE_AFTER_MS = 5000;

/** The right to connect to the feed's venues, held by one process at a time. */
export class FeedDuty {
  /** Identifies this process to the others. */
  readonly owner = randomUUID();
  readonly #state: SharedState;
  readonly #name: string;
  readonly #logger: Logger;
  readonly #other: OtherReader;
  #heldUntilMs = -Infinity;
  /** Whether the lease itself is held; false if the duty is assumed because nobody could be asked. */
  #isLeased = false;
  #terms = 0;
  #answeredAtMs = performance.now();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  /** @param source identical in all processes that share a feed */
  constructor(
    { state, bus }: { readonly state: SharedState; readonly bus: EventBus },
    source: string,
    logger: Logger,
  ) {
    this.#state = state;
    this.#name = `feed:${source}`;
    this.#logger = logger;
    this.#other = new OtherReader(bus, this.owner, () => (this.#heldUntilMs = -Infinity));
  }

  /** Whether this process has the duty. */
  get isHeld(): boolean {
    return performance.now() < this.#heldUntilMs;
  }

  /**
   * How often this process took the lease. Also rises if it takes the lease after a time without answers,
   * when each process read the venues itself and another one may have written history.
   */
  get terms(): number {
    return this.#terms;
  }

  /** Checks once, then periodically. */
  async start(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => (this.#looking = null));
    }, LOOK_MS);
  }

  /** Gives the duty up. Call it after reading has ended. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
    this.#other.ignore();
    this.#heldUntilMs = -Infinity;
    // If the state does not answer, the lease expires.
    await this.#state.release(this.#name, this.owner).catch(() => undefined);
  }

  async #look(): Promise<void> {
    const askedAtMs = performance.now();
    const wasHeld = this.isHeld;
    try {
      const isHeld = await this.#state.hold(this.#name, this.owner, LASTS_MS);
      this.#other.ignore();
      this.#answeredAtMs = askedAtMs;
      this.#heldUntilMs = isHeld ? askedAtMs + LASTS_MS : -Infinity;
      if (isHeld && !this.#isLeased) this.#terms += 1;
      this.#isLeased = isHeld;
      if (isHeld !== wasHeld) this.#logger.info({ isHeld }, 'feed reader changed');
    } catch (cause) {
      this.#logger.warn({ err: cause }, 'could not read the feed lease');
      // If the state is away, nobody else can take the duty, and prices matter more than a second
      // connection to a venue. If only this process is cut off, it hears the process that took the duty.
      this.#other.listen();
      const isAlone = askedAtMs - this.#answeredAtMs > ALONE_AFTER_MS;
      if (isAlone) this.#isLeased = false;
      if ((wasHeld || isAlone) && !this.#other.isHeard)
        this.#heldUntilMs = performance.now() + LASTS_MS;
    }
  }
}

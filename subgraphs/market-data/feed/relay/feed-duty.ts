import { randomUUID } from 'node:crypto';
import type { EventBus } from '#shared/events/event-bus.ts';
import type { SharedState } from '#shared/events/shared-state.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { OtherReader } from './other-reader.ts';

/** A few renewals may fail before the duty ends. */
const LASTS_MS = 2000;
const LOOK_MS = 400;
/** After this long without an answer each process is for itself. */
const ALONE_AFTER_MS = 5000;

/** The right to be connected to the feed's venues, which one process has at a time. */
export class FeedDuty {
  /** Who this process is to the others. */
  readonly owner = randomUUID();
  readonly #state: SharedState;
  readonly #name: string;
  readonly #logger: Logger;
  readonly #other: OtherReader;
  #heldUntilMs = -Infinity;
  /** Whether the lease is held, and not only nobody there to ask for it. */
  #isLeased = false;
  #terms = 0;
  #answeredAtMs = performance.now();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  /** @param source the same for all processes that share a feed */
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

  /** Whether this process has it. */
  get isHeld(): boolean {
    return performance.now() < this.#heldUntilMs;
  }

  /**
   * Counts the times that this process took the lease. It rises also if the lease is taken after a time without answers,
   * in which each process was for itself and another one may have written history.
   */
  get terms(): number {
    return this.#terms;
  }

  /** Looks once, and then again and again. */
  async start(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => (this.#looking = null));
    }, LOOK_MS);
  }

  /** Gives it up. For when nothing is read any more. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
    this.#other.ignore();
    this.#heldUntilMs = -Infinity;
    // When the state does not answer, the duty ends by itself.
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
      // Where nobody can be asked, nobody else can take it; and prices are worth more than one connection
      // to a venue. But it may be only us who cannot ask: then whoever has taken it is heard.
      this.#other.listen();
      const isAlone = askedAtMs - this.#answeredAtMs > ALONE_AFTER_MS;
      if (isAlone) this.#isLeased = false;
      if ((wasHeld || isAlone) && !this.#other.isHeard)
        this.#heldUntilMs = performance.now() + LASTS_MS;
    }
  }
}

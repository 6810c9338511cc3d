/** So much may be on its way to a client that has not shown that it reads. */
const CREDIT_BYTES = 256 * 1024;
/** An unanswered ping of this age says that what the client reads is old. */
const OVERDUE_MS = 2000;

/**
 * How far a client has read, by pings that go behind the data and say how much that was. Nothing else
 * shows it: the kernel takes megabytes from us for a client that has stopped.
 */
export class ByteCredit {
  readonly #ping: (payload: string) => void;
  #used = 0;
  #asked = 0;
  #answered = 0;
  #askedAtMs: number | null = null;
  #isOverdue = false;

  /** @param ping sends a WebSocket ping behind all data used so far */
  constructor(ping: (payload: string) => void) {
    this.#ping = ping;
  }

  /** Whether nothing more should be written before the client answers. */
  get isUsedUp(): boolean {
    return this.#used - this.#answered > CREDIT_BYTES;
  }

  /** Whether the client has not answered for too long. */
  get isOverdue(): boolean {
    return this.#isOverdue;
  }

  /** Counts bytes that are written, or will be. */
  use(bytes: number): void {
    this.#used += bytes;
  }

  /** Asks when half of the credit went out since it was asked before. */
  askWhereDue(): void {
    if (this.#used - this.#asked > CREDIT_BYTES / 2) this.#ask(performance.now());
  }

  /** Takes a pong; one that answers no ping of ours says nothing. */
  answer(payload: string): void {
    if (this.#askedAtMs === null || payload !== `${this.#asked}`) return;
    this.#answered = this.#asked;
    this.#askedAtMs = null;
    this.#isOverdue = false;
    this.askWhereDue();
  }

  /** Asks where anything was written since, or where that is wanted anyway; notes who is late. */
  sweep(nowMs: number, isPingDue: boolean): void {
    this.#isOverdue = this.#askedAtMs !== null && nowMs - this.#askedAtMs > OVERDUE_MS;
    if (this.#used > this.#asked || isPingDue) this.#ask(nowMs);
  }

  /** One question at a time. */
  #ask(nowMs: number): void {
    if (this.#askedAtMs !== null) return;
    this.#asked = this.#used;
    this.#askedAtMs = nowMs;
    this.#ping(`${this.#asked}`);
  }
}

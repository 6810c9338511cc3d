/** How much can be on its way to a client that has not shown that it reads. */
const CREDIT_BYTES = 256 * 1024;
/** An unanswered ping of this age shows that what the client reads is old. */
const OVERDUE_MS = 2000;

/**
 * How far a client has read, found by pings that follow the data and carry its amount. Nothing else
 * shows it: the kernel takes megabytes from us for a client that has stopped reading.
 */
export class ByteCredit {
  #used = 0;
  #asked = 0;
  #answered = 0;
  #askedAtMs: number | null = null;
  #isOverdue = false;
  #isWanted = false;

  /** Whether nothing more should be written before the client answers. */
  get isUsedUp(): boolean {
    return this.#used - this.#answered > CREDIT_BYTES;
  }

  /** Whether the client has not answered for too long. */
  get isOverdue(): boolean {
    return this.#isOverdue;
  }

  /** Whether `question` would give one. */
  get isQuestionDue(): boolean {
    if (this.#askedAtMs !== null) return false;
    return this.#isWanted || this.#used - this.#asked > CREDIT_BYTES / 2;
  }

  /** Counts bytes that are written, or will be. */
  use(bytes: number): void {
    this.#used += bytes;
  }

  /**
   * The payload of a ping that must follow all data used so far; null while none is due. One at a
   * time: when half of the credit went out since the last one, or a sweep asked for it.
   */
  question(): string | null {
    if (!this.isQuestionDue) return null;
    this.#isWanted = false;
    this.#asked = this.#used;
    this.#askedAtMs = performance.now();
    return `${this.#asked}`;
  }

  /** Takes a pong. @returns whether it answers a ping of ours: any other says nothing */
  answer(payload: string): boolean {
    if (this.#askedAtMs === null || payload !== `${this.#asked}`) return false;
    this.#answered = this.#asked;
    this.#askedAtMs = null;
    this.#isOverdue = false;
    return true;
  }

  /**
   * Asks for a ping if anything was written since the last, or one is due anyway; notes an overdue
   * answer.
   * @returns whether the ping must go alone: no data to carry it has come since the last sweep
   */
  sweep(nowMs: number, isPingDue: boolean): boolean {
    this.#isOverdue = this.#askedAtMs !== null && nowMs - this.#askedAtMs > OVERDUE_MS;
    const isWaiting = this.#isWanted || isPingDue;
    this.#isWanted = isPingDue || this.#used > this.#asked;
    return isWaiting;
  }
}

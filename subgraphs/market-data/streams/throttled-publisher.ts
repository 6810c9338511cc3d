/**
 * Publishes each subject at most once an interval: its first change at once, and later changes
 * together when the interval is over.
 */
export class ThrottledPublisher<Subject> {
  readonly #intervalMs: number;
  readonly #publish: (subject: Subject) => boolean;
  /** The subjects that were published within the interval, each with the timer that ends it. */
  readonly #pauses = new Map<Subject, NodeJS.Timeout>();
  /** The subjects that have changed since then. */
  readonly #changed = new Set<Subject>();

  /** @param publish returns whether there was anything to publish; if not, no interval begins */
  constructor(intervalMs: number, publish: (subject: Subject) => boolean) {
    this.#intervalMs = intervalMs;
    this.#publish = publish;
  }

  /** Publishes the subject now, or as soon as its interval is over. */
  change(subject: Subject): void {
    if (this.#pauses.has(subject)) {
      this.#changed.add(subject);
      return;
    }
    if (!this.#publish(subject)) return;
    this.#changed.delete(subject);
    const resume = () => {
      this.#pauses.delete(subject);
      if (this.#changed.has(subject)) this.change(subject);
    };
    this.#pauses.set(subject, setTimeout(resume, this.#intervalMs));
  }

  /** Nothing is published after this, including changes that wait. */
  stop(): void {
    for (const pause of this.#pauses.values()) clearTimeout(pause);
    this.#pauses.clear();
  }
}

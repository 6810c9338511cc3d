/**
 * Publishes changes of each subject at most once in this time: the first change after a pause at
 * once, and what changes during a pause when it is over.
 */
export class SpacedTelling<Subject> {
  readonly #spacingMs: number;
  readonly #tell: (subject: Subject) => boolean;
  /** Those that were published a moment ago, with the timer of their pause. */
  readonly #pauses = new Map<Subject, NodeJS.Timeout>();
  /** Those that changed during their pause. */
  readonly #changed = new Set<Subject>();

  /** @param tell returns whether there was anything to publish: if not there is no pause */
  constructor(spacingMs: number, tell: (subject: Subject) => boolean) {
    this.#spacingMs = spacingMs;
    this.#tell = tell;
  }

  /** Publishes it now, or as soon as its pause is over. */
  change(subject: Subject): void {
    if (this.#pauses.has(subject)) {
      this.#changed.add(subject);
      return;
    }
    if (!this.#tell(subject)) return;
    this.#changed.delete(subject);
    const resume = () => {
      this.#pauses.delete(subject);
      if (this.#changed.has(subject)) this.change(subject);
    };
    this.#pauses.set(subject, setTimeout(resume, this.#spacingMs));
  }

  /** Publishes nothing more. */
  stop(): void {
    for (const pause of this.#pauses.values()) clearTimeout(pause);
    this.#pauses.clear();
  }
}

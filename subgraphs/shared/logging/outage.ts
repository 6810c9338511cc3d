import type { Logger } from './logger.ts';

/** What is logged of something that can be away. */
export interface OutageTexts {
  /** Each time that shows. */
  readonly away: string;
  /** Once, when it is back; the line has `lastedMs` since the first time that it showed. */
  readonly back: string;
  /** Of the line when it is away; `warn` if omitted. */
  readonly level?: 'warn' | 'error';
}

/** Something that can be away: it says so in the log, and when it is back. */
export class Outage {
  readonly #logger: Logger;
  readonly #texts: OutageTexts;
  #sinceMs: number | null = null;

  constructor(logger: Logger, texts: OutageTexts) {
    this.#logger = logger;
    this.#texts = texts;
  }

  /** It did not answer, or said that it cannot. @param details for the line */
  failed(cause: unknown, details: Readonly<Record<string, unknown>> = {}): void {
    this.#sinceMs ??= performance.now();
    const { away, level = 'warn' } = this.#texts;
    this.#logger[level]({ err: cause, ...details }, away);
  }

  /** It answered. Costs nothing while it is not away. */
  answered(): void {
    if (this.#sinceMs === null) return;
    const lastedMs = Math.round(performance.now() - this.#sinceMs);
    this.#sinceMs = null;
    this.#logger.info({ lastedMs }, this.#texts.back);
  }
}

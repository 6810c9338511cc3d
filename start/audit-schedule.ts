import type { Clock } from '#shared/domain/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { type AuditedStores, auditLedger } from '../prisma/audit/audit-ledger.ts';
import type { AuditMetrics } from '../prisma/audit/audit-metrics.ts';
import type { Stoppable } from './startup.ts';

/** The least time between two audits. */
const PAUSE_MS = 5 * 60 * 1000;
/** And how many times as long as the last audit took: one of large stores keeps the disk and some cores busy for minutes. */
const PAUSE_RATIO = 9;

/** What the audits check, and where they report. */
export interface AuditScheduleOptions {
  readonly stores: AuditedStores;
  readonly metrics: AuditMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
  /** See {@link auditLedger}. */
  readonly secondLookMs?: number;
}

/**
 * Audits the books every five minutes, or for a tenth of the time where that is not enough, and reports every violation to
 * the log and the metrics.
 */
export class AuditSchedule implements Stoppable {
  readonly #options: AuditScheduleOptions;
  #timer: NodeJS.Timeout;
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;

  constructor(options: AuditScheduleOptions) {
    this.#options = options;
    this.#timer = this.#lookIn(PAUSE_MS);
  }

  /** Audits now, unless an audit is already under way. */
  look(): Promise<void> {
    this.#running ??= this.#audit().finally(() => (this.#running = null));
    return this.#running;
  }

  /** Ends an audit that is under way: stopping has no time for it. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stopping.abort();
    await this.#running;
  }

  #lookIn(pauseMs: number): NodeJS.Timeout {
    return setTimeout(() => void this.#repeat(), pauseMs);
  }

  async #repeat(): Promise<void> {
    const startedAt = performance.now();
    await this.look();
    if (this.#stopping.signal.aborted) return;
    const tookMs = performance.now() - startedAt;
    this.#timer = this.#lookIn(Math.max(PAUSE_MS, PAUSE_RATIO * tookMs));
  }

  async #audit(): Promise<void> {
    const { stores, metrics, clock, logger, secondLookMs } = this.#options;
    const { signal } = this.#stopping;
    try {
      const findings = await auditLedger(stores, secondLookMs, signal);
      metrics.noteAudit(findings, clock.now());
      for (const finding of findings) logger.error(finding, 'the audit found a violation');
      logger.info({ findings: findings.length }, 'ledger audit finished');
    } catch (cause) {
      if (signal.aborted) return;
      metrics.noteFailure();
      logger.warn({ err: cause }, 'the ledger audit could not be run');
    }
  }
}

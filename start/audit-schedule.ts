import type { Logger } from '#shared/logging/logger.ts';
import { type AuditedStores, auditLedger } from '../prisma/audit/audit-ledger.ts';
import type { Stoppable } from './startup.ts';

const EVERY_MS = 5 * 60 * 1000;

/** Looks over the books every five minutes, and tells the log of what is not as it must be. */
export class AuditSchedule implements Stoppable {
  readonly #stores: AuditedStores;
  readonly #logger: Logger;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | null = null;

  constructor(stores: AuditedStores, logger: Logger) {
    this.#stores = stores;
    this.#logger = logger;
    this.#timer = setInterval(() => {
      this.#running ??= this.#look().finally(() => (this.#running = null));
    }, EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #look(): Promise<void> {
    try {
      const findings = await auditLedger(this.#stores);
      for (const finding of findings)
        this.#logger.error(finding, 'the audit found a broken promise');
      this.#logger.info({ findings: findings.length }, 'the books were audited');
    } catch (cause) {
      this.#logger.warn({ err: cause }, 'the books could not be audited');
    }
  }
}

import { Counter, Gauge, Registry } from 'prom-client';
import { PROMISES } from './audit-ledger.ts';
import type { Finding } from './check.ts';

const MS_PER_SECOND = 1000;

/** The audit's Prometheus metrics, in their own registry. */
export class AuditMetrics {
  readonly #registry = new Registry();
  readonly #own = { registers: [this.#registry] };
  readonly #findings = new Gauge({
    ...this.#own,
    name: 'deskgraph_audit_findings',
    help: 'How often the last audit found each promise broken; nothing before the first.',
    labelNames: ['check'] as const,
  });
  readonly #finishedAt = new Gauge({
    ...this.#own,
    name: 'deskgraph_audit_finished_timestamp_seconds',
    help: 'When the last audit finished; if that is long ago, it is as bad as a finding.',
  });
  readonly #failures = new Counter({
    ...this.#own,
    name: 'deskgraph_audit_failures_total',
    help: 'Audits that could not read the stores.',
  });

  /** Records an audit: every promise, including those that were kept. */
  noteAudit(findings: readonly Finding[], finishedAtMs: number): void {
    for (const { name } of PROMISES)
      this.#findings.set({ check: name }, findings.filter(({ check }) => check === name).length);
    this.#finishedAt.set(finishedAtMs / MS_PER_SECOND);
  }

  /** Records that an audit could not read the stores; keeps the last findings. */
  noteFailure(): void {
    this.#failures.inc();
  }

  /** All metrics in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

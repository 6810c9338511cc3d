import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { serveMetrics } from '#shared/http/serve-metrics.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { AuditMetrics } from '../prisma/audit/audit-metrics.ts';
import { createTestDatabase, type TestDatabase } from '../prisma/test-database.ts';
import { AuditSchedule } from './audit-schedule.ts';

const logger = createLogger({ unit: 'test', level: 'silent' });
let account: TestDatabase;
let order: TestDatabase;
beforeAll(async () => {
  [account, order] = [await createTestDatabase('account'), await createTestDatabase('order')];
});
afterAll(() => Promise.all([account.drop(), order.drop()]));

/** Audits once, and reads what Prometheus would. @param orderUrl where it looks for the orders */
async function auditedOnce(metrics: AuditMetrics, orderUrl: string): Promise<readonly string[]> {
  const stores = { account: account.url, order: orderUrl };
  const common = { metrics, clock: systemClock, logger };
  const schedule = new AuditSchedule({ stores, ...common, secondLookMs: 0 });
  const address = { host: '127.0.0.1', port: 0 };
  const server = await serveMetrics({ address, read: () => metrics.text(), logger });
  try {
    await schedule.look();
    const response = await fetch(`${server.origin}/metrics`);
    return (await response.text()).split('\n');
  } finally {
    await Promise.all([schedule.stop(), server.stop()]);
  }
}

describe('the scheduled audit', () => {
  it('tells Prometheus of each promise, kept or broken, and of looks that failed', async () => {
    const metrics = new AuditMetrics();
    const kept = await auditedOnce(metrics, order.url);
    expect(kept).toContain('deskgraph_audit_findings{check="sums"} 0');
    expect(kept).toContain('deskgraph_audit_findings{check="owners"} 0');
    expect(kept).toContain('deskgraph_audit_failures_total 0');

    await account.sql(`INSERT INTO balance_events VALUES ('nobody', 1, '{}', now())`);
    const broken = await auditedOnce(metrics, order.url);
    expect(broken).toContain('deskgraph_audit_findings{check="owners"} 1');
    expect(broken).toContain('deskgraph_audit_findings{check="sums"} 0');

    const blind = await auditedOnce(metrics, `${order.url}-not-there`);
    expect(blind).toContain('deskgraph_audit_failures_total 1');
    expect(blind).toContain('deskgraph_audit_findings{check="owners"} 1');
    const finishedAt = (lines: readonly string[]) =>
      lines.find((line) => line.startsWith('deskgraph_audit_finished_timestamp_seconds'));
    expect(finishedAt(blind)).toBe(finishedAt(broken));
  });

  it('is stopped at once, in the middle of a query too', async () => {
    await order.sql('BEGIN');
    await order.sql('LOCK TABLE fills');
    const metrics = new AuditMetrics();
    const stores = { account: account.url, order: order.url };
    const schedule = new AuditSchedule({ stores, metrics, clock: systemClock, logger });
    void schedule.look();
    await vi.waitFor(
      async () => {
        const rows = await order.sql(
          'SELECT 1 FROM pg_locks WHERE NOT granted AND relation = $1::regclass',
          ['fills'],
        );
        expect(rows).toHaveLength(1);
      },
      { timeout: 20_000 },
    );
    await schedule.stop(); // the table stays locked, so that nothing but the stop can end the query
    expect(await metrics.text()).toContain('deskgraph_audit_failures_total 0');
  });

  it('pauses for nine times as long as it took, so that large stores have time for other things', async () => {
    const sockets: Socket[] = [];
    const database = createServer((socket) => sockets.push(socket.resume())).listen(0, '127.0.0.1');
    await once(database, 'listening');
    const url = `postgresql://desk@127.0.0.1:${(database.address() as AddressInfo).port}/desk`;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const metrics = new AuditMetrics();
    const stores = { account: url, order: url };
    const schedule = new AuditSchedule({ stores, metrics, clock: systemClock, logger });
    try {
      vi.advanceTimersByTime(5 * 60_000);
      await expect.poll(() => sockets.length).toBe(1);
      vi.advanceTimersByTime(60_000);
      sockets[0]?.destroy();
      await expect.poll(() => metrics.text()).toContain('deskgraph_audit_failures_total 1');
      await expect.poll(() => vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(9 * 60_000 - 1);
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(1);
      await expect.poll(() => sockets.length).toBe(2);
    } finally {
      vi.useRealTimers();
      for (const socket of sockets) socket.destroy();
      await schedule.stop();
      database.close();
    }
  });
});

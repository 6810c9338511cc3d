import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '#shared/logging/logger.ts';
import { Outage } from '#shared/logging/outage.ts';
import type { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';

const TIMEOUT_MS = 2500;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5000;

/**
 * Says in the log if the account subgraph does not answer or refuses our passports, and again until it
 * has answered once: otherwise the first order would show that its address or key is wrong.
 * @param signal ends it; never throws
 */
export async function lookForLedger(
  account: SubgraphClient,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const outage = new Outage(logger, {
    away: 'the ledger does not answer: orders wait for it',
    back: 'the ledger answers',
  });
  for (let waitMs = FIRST_RETRY_MS; !signal.aborted;) {
    try {
      await account.request({
        query: '{ __typename }',
        viewer: { kind: 'service', name: 'order' },
        requestId: randomUUID(),
        timeoutMs: TIMEOUT_MS,
      });
      return outage.answered();
    } catch (cause) {
      if (!signal.aborted) outage.failed(cause);
    }
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
    waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS);
  }
}

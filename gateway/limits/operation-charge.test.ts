import { type OperationDefinitionNode, parse } from 'graphql';
import { expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { parseAccountId, parseSessionId, parseUserId, trusted } from '#shared/domain/ids.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { composedQueryGraph } from '../fixtures/composed-schema.ts';
import { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { OperationCharges } from './operation-charge.ts';

const { apiSchema: schema } = composedQueryGraph();

/** Somebody with a role on so many accounts. */
function traderWith(accounts: number): Trader {
  const grant = (_: unknown, index: number) => ({
    ...{ accountId: trusted(parseAccountId, `acc-${index}`), role: 'OWNER' as const },
  });
  return {
    kind: 'trader',
    userId: trusted(parseUserId, `user-${accounts}`),
    credential: { kind: 'session', sessionId: trusted(parseSessionId, 'ses-1') },
    scopes: [],
    accounts: Array.from({ length: accounts }, grant),
    expiresAt: null,
  };
}

it('charges for the accounts that the viewer has, however many', async () => {
  const charges = new OperationCharges({
    ...{ quota: { costPerMinute: 1000 }, clock: systemClock, metrics: new GatewayMetrics() },
    logger: createLogger({ unit: 'test', level: 'silent' }),
  });
  const document = parse('{ viewer { accounts { id } } }');
  const operation = document.definitions[0] as OperationDefinitionNode;
  const asked = { schema, document, operation, variables: {}, origin: null };
  for (const [accounts, cost] of [
    [0, 1],
    [1, 2],
    [100, 101],
  ] as const)
    expect(await charges.charge({ ...asked, viewer: traderWith(accounts) })).toMatchObject({
      ...{ kind: 'admitted', quota: { cost } },
    });
});

import { type OperationDefinitionNode, parse } from 'graphql';
import { expect, it } from 'vitest';
import { type Clock, systemClock } from '#shared/domain/clock.ts';
import { parseAccountId, parseSessionId, parseUserId, trusted } from '#shared/domain/ids.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { composedQueryGraph } from '../fixtures/composed-schema.ts';
import { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { type Charge, OperationCharges } from './operation-charge.ts';

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

const listAccounts = parse('{ viewer { accounts { id } } }');
const ASKED = {
  schema,
  document: listAccounts,
  operation: listAccounts.definitions[0] as OperationDefinitionNode,
  variables: {},
  origin: null,
};

function chargesOf(clock: Clock): OperationCharges {
  return new OperationCharges({
    ...{ quota: { costPerMinute: 1000 }, clock, metrics: new GatewayMetrics() },
    logger: createLogger({ unit: 'test', level: 'silent' }),
  });
}

it('charges for the accounts that the viewer has, however many', async () => {
  const charges = chargesOf(systemClock);
  for (const [accounts, cost] of [
    [0, 1],
    [1, 2],
    [100, 101],
  ] as const)
    expect(await charges.charge({ ...ASKED, viewer: traderWith(accounts) })).toMatchObject({
      ...{ kind: 'admitted', quota: { cost } },
    });
});

it('replenishes a quota by time that passed, whatever is done to the wall clock', async () => {
  let nowMs = Date.parse('2026-01-01T00:00:00Z');
  const charges = chargesOf({ now: () => nowMs, steadyNow: () => 7.25 });
  const asked = { ...ASKED, viewer: traderWith(299) };
  const charge = async () => {
    const { quota } = (await charges.charge(asked)) as Charge & { readonly kind: 'admitted' };
    return [quota.used, quota.resetAt];
  };
  expect(await charge()).toEqual([300, '2026-01-01T00:00:18.000Z']);
  nowMs -= 40_000;
  expect(await charge()).toEqual([600, '2025-12-31T23:59:56.000Z']);
  nowMs += 3_600_000;
  expect(await charge()).toEqual([900, '2026-01-01T01:00:14.000Z']);
});

import { pino } from 'pino';
import { expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { supergraphSdl } from '../fixtures/composed-schema.ts';
import { PlanningTime } from '../limits/planning-time.ts';
import { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { createFederatedGateway } from './federated-gateway.ts';

it('builds another version once, with other work between the steps, and puts it in force in one turn', async () => {
  const federated = createFederatedGateway(supergraphSdl, {} as never, {
    metrics: new GatewayMetrics(),
    planning: new PlanningTime(systemClock),
    logger: pino({ level: 'silent' }),
  });
  const seen: unknown[] = [];
  federated.gateway.onSchemaLoadOrUpdate(({ apiSchema }) => void seen.push(apiSchema));
  await federated.gateway.load({ apollo: {} });
  const first = federated.queryGraph();
  let turns = 0;
  let isReloading = true;
  const count = () => {
    turns += 1;
    if (isReloading) setImmediate(count);
  };
  setImmediate(count);
  await federated.reload(`${supergraphSdl}\n# another version\n`);
  isReloading = false;
  const second = federated.queryGraph();
  expect(turns).toBeGreaterThan(4);
  expect(second.version).not.toBe(first.version);
  expect(seen).toEqual([first.apiSchema, second.apiSchema]);
  await expect(federated.reload('type Query { a: Int }')).rejects.toThrow();
  expect(federated.queryGraph()).toBe(second);
  await federated.gateway.stop();
});

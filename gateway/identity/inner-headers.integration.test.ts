import { expect, it } from 'vitest';
import { PASSPORT_HEADER } from '#shared/identity/passport.ts';
import { startDeskFixture } from '../fixtures/desk-fixture.ts';
import { PASSPORT_KEY, startPlayedSubgraph } from '../fixtures/played-subgraph.ts';

it('no header of a client reaches a subgraph, whatever it is called', async () => {
  const subgraph = await startPlayedSubgraph('{"data":{"serverTime":"2026-01-01T00:00:00.000Z"}}');
  const part = { url: subgraph.origin, passportKey: PASSPORT_KEY };
  const desk = await startDeskFixture({
    subgraphs: { account: part, 'market-data': part, order: part },
  });
  const forged = {
    [PASSPORT_HEADER]: 'forged',
    'x-user-id': 'forged',
    'x-internal-auth': 'forged',
    'x-forwarded-for': 'forged',
    cookie: 'forged',
    'x-whatever': 'forged',
    'x-request-id': 'forged',
  };
  const { status } = await desk.post({ query: '{ serverTime }' }, forged);
  await desk.stop();
  await subgraph.stop();
  expect(status).toBe(200);
  expect(subgraph.requests).toHaveLength(1);
  expect(JSON.stringify(subgraph.requests)).not.toContain('forged');
  expect(subgraph.requests[0]).toHaveProperty(PASSPORT_HEADER);
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTracing } from '#shared/tracing/tracing.ts';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { EventStreamClient } from '../fixtures/event-stream-client.ts';
import { TraceReceiver } from '../fixtures/trace-receiver.ts';

const ORDERS = `subscription {
  orderEvents(accountId: "acc-anna") { ... on OrderSnapshot { account { name } } }
}`;

const traces = new TraceReceiver();
let stopTracing: () => Promise<void>;
let desk: DeskFixture;
beforeAll(async () => {
  stopTracing = await openTracing({ service: 'desk', endpoint: await traces.listen() });
  desk = await startDeskFixture();
  const scopes = ['market:read', 'account:read', 'trade:read'];
  desk.world.addTrader('key-anna', { userId: 'anna', accounts: ['acc-anna'], scopes });
});
afterAll(async () => {
  await desk.stop();
  await traces.close();
});

it('what is fetched for an event is a trace of its own, not a part of the request that opened the way to its source', async () => {
  for (let count = 0; count < 2; count += 1) {
    const stream = await EventStreamClient.post(
      desk.origin,
      { query: ORDERS },
      { 'x-api-key': 'key-anna' },
    );
    expect(await stream.result()).toMatchObject({ data: { orderEvents: { account: {} } } });
    stream.close();
  }
  await stopTracing();
  const events = traces.spans.filter(({ name }) => name === 'gateway event');
  expect(events).toHaveLength(2);
  expect(new Set(events.map(({ traceId }) => traceId)).size).toBe(2);
  for (const event of events) {
    expect(event.parentSpanId ?? '').toBe('');
    const parts = traces.spans.filter(({ traceId }) => traceId === event.traceId);
    expect(parts.map(({ name }) => name)).toContain('fetch account');
  }
});

import { randomUUID } from 'node:crypto';
import { afterEach, expect, inject, it, vi } from 'vitest';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { RedisEventBus } from '#shared/events/redis-event-bus.ts';
import { openTcpProxy } from '#shared/events/test-tcp-proxy.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { startTestDesk, until } from './test-desk.ts';

const redisUrl = inject('redisUrl');

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

it.skipIf(redisUrl === null)(
  'starts while Redis is away, cancels, and trades with the market once it is back',
  async () => {
    const proxy = await openTcpProxy(Number(new URL(redisUrl ?? '').port));
    opened.push(() => proxy.close());
    proxy.cut();
    const url = `redis://127.0.0.1:${proxy.port}`;
    const bus = new RedisEventBus({ url, prefix: randomUUID(), onError: () => undefined });
    opened.push(() => bus.dispose());
    const desk = await startTestDesk({ bus });
    opened.push(() => desk.stop());
    const health = async () => (await fetch(`${desk.order.url}/health/ready`)).json();
    const notReady = { status: 'not ready', waitingFor: ['event bus'] };
    await vi.waitFor(async () => expect(await health()).toEqual(notReady), 20_000);

    const trader = await desk.aTrader({ USDT: '10000' });
    const { order } = await trader.place(trader.limit('BUY', '0.01', '50000'));
    expect(order?.status).toBe('ACCEPTED');
    expect((await trader.cancel(order?.id ?? '')).order?.status).toBe('CANCELED');

    proxy.mend();
    const trade = () => {
      bus.publish('market.depth', {
        symbol: 'BTC-USDT' as InstrumentSymbol,
        sequence: '1',
        bids: [['63999', '1']],
        asks: [['64000', '1']],
        receivedAtMs: Date.now(),
        suspended: false,
        status: 'TRADING',
      });
      return trader.place(trader.market('BUY', '0.01'));
    };
    await until(trade, (answer) => answer.order?.status === 'FILLED');
  },
);

it('says at its start that the ledger does not answer, and when it does', async () => {
  const said: string[] = [];
  const logger = createLogger(
    { unit: 'test', level: 'info' },
    { write: (line) => void said.push((JSON.parse(line) as { readonly msg: string }).msg) },
  );
  const desk = await startTestDesk({ logger });
  opened.push(() => desk.stop());
  const ledger = () => said.filter((line) => line.startsWith('the ledger'));
  expect(ledger()).toEqual([]);
  await desk.order.stop();
  await desk.account.stop();
  await desk.order.start();
  const [away, back] = ['the ledger does not answer: orders wait for it', 'the ledger answers'];
  await until(ledger, (lines) => lines.includes(away));
  await desk.account.start();
  await until(ledger, (lines) => lines.at(-1) === back);
});

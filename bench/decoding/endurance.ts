// What the market-data side of a process does over time: whether its memory grows, and how long a
// frame takes from the venue's socket to the bus.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { systemClock } from '#shared/domain/clock.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { venueSymbols } from '../../subgraphs/market-data/domain/catalog/catalog.ts';
import { Markets } from '../../subgraphs/market-data/domain/markets.ts';
import { BinanceSession } from '../../subgraphs/market-data/feed/binance/binance-session.ts';
import { binanceProtocol } from '../../subgraphs/market-data/feed/live/binance-protocol.ts';
import { LiveFeed } from '../../subgraphs/market-data/feed/live/live-feed.ts';
import { confirmations } from '../../subgraphs/market-data/feed/live/test-venue.ts';
import { addressAt } from '../../subgraphs/market-data/feed/live/venue-addresses.ts';
import { Recording } from '../../subgraphs/market-data/feed/recording/recording.ts';
import { ReplayFeed } from '../../subgraphs/market-data/feed/recording/replay-feed.ts';
import { DepthPublisher } from '../../subgraphs/market-data/streams/depth-publisher.ts';
import { answerParent } from '../processes/answer-parent.ts';
import { quantileOfSorted } from '../rows.ts';
import { instrumentOf } from './our-reader.ts';
import { recordings } from './workload.ts';

const MEGABYTE = 2 ** 20;
/** The recording of Binance is this long; six times and a half are an hour. */
const RECORDED_MINUTES = 10.83;
const HOUR_MINUTES = 60;
const logger = createLogger({ unit: 'bench', level: 'silent' });

/** Memory after each time that the recording was played, in megabytes. */
export interface MemoryReading {
  readonly megabytes: readonly number[];
  readonly minutes: number;
}

/** How long frames took, in milliseconds. */
export interface DelayReading {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly frames: number;
}

function marketsOf(pairs: readonly string[]) {
  const instruments = pairs.map(instrumentOf);
  const symbols = venueSymbols('binance', instruments);
  return { symbols, markets: new Markets({ instruments, venue: 'binance', nowMs: 0 }) };
}

/** Plays an hour's worth of frames through markets that publish, as fast as it can. */
async function memory(): Promise<MemoryReading> {
  const { symbols, markets } = marketsOf(['BTC/USDT', 'ETH/USDT']);
  const bus = new MemoryEventBus();
  const publisher = new DepthPublisher(markets, bus);
  const recording = await Recording.open(`${recordings()}/binance-spot`);
  const feed = new ReplayFeed({
    session: new BinanceSession(recording, symbols),
    speed: 'max',
    loop: true,
    clock: systemClock,
    onMalformed: (error) => {
      throw error;
    },
  });
  const megabytes: number[] = [];
  const stopping = new AbortController();
  for await (const events of feed.events(stopping.signal)) {
    let isOver = false;
    for (const event of events) {
      markets.apply(event, systemClock.now());
      isOver ||= event.kind === 'connection' && !event.isConnected;
    }
    if (isOver) {
      globalThis.gc?.();
      megabytes.push(process.memoryUsage().heapUsed / MEGABYTE);
      if (megabytes.length * RECORDED_MINUTES >= HOUR_MINUTES) stopping.abort();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  publisher.stop();
  await bus.dispose();
  return { megabytes, minutes: megabytes.length * RECORDED_MINUTES };
}

/** Sends best bids and asks over a real socket, this many a second, and waits for each on the bus. */
async function delay(input: {
  readonly framesPerSecond: number;
  readonly seconds: number;
}): Promise<DelayReading> {
  const server = createServer((_, response) => response.writeHead(503).end());
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) =>
    socket.on('message', (data: Buffer) => {
      for (const answer of confirmations(data.toString())) socket.send(answer);
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { symbols, markets } = marketsOf(['BTC/USDT']);
  const bus = new MemoryEventBus();
  const publisher = new DepthPublisher(markets, bus);
  const sentAtMs: number[] = [];
  const delaysMs: number[] = [];
  const subscription = await bus.subscribe('market.depth');
  const listening = (async () => {
    for await (const signal of subscription)
      if (signal.kind === 'message')
        while (delaysMs.length < Number(signal.message.sequence))
          delaysMs.push(performance.now() - (sentAtMs[delaysMs.length] ?? 0));
  })();
  const stopping = new AbortController();
  const feed = new LiveFeed({
    protocol: binanceProtocol(addressAt(origin)),
    symbols,
    clock: systemClock,
    logger,
  });
  const following = (async () => {
    for await (const events of feed.events(stopping.signal))
      for (const event of events) markets.apply(event, systemClock.now());
  })();
  while (sockets.clients.size === 0) await sleep(1);
  const total = input.framesPerSecond * input.seconds;
  const startedAtMs = performance.now();
  while (sentAtMs.length < total) {
    const due = Math.min(total, ((performance.now() - startedAtMs) / 1000) * input.framesPerSecond);
    while (sentAtMs.length < due) {
      sentAtMs.push(performance.now());
      for (const socket of sockets.clients) socket.send(tickerFrame(sentAtMs.length));
    }
    await sleep(1);
  }
  while (delaysMs.length < total) await sleep(1);
  stopping.abort();
  await following;
  publisher.stop();
  await subscription.return?.();
  await listening;
  sockets.close();
  server.closeAllConnections();
  server.close();
  const sorted = delaysMs.toSorted((a, b) => a - b);
  return {
    p50Ms: quantileOfSorted(sorted, 0.5),
    p99Ms: quantileOfSorted(sorted, 0.99),
    frames: total,
  };
}

/** In the venue's own layout, each with another price. */
function tickerFrame(updateId: number): string {
  const cents = String(updateId % 100).padStart(2, '0');
  const levels = `"b":"60000.${cents}000000","B":"1.50000000","a":"60001.${cents}000000","A":"2.50000000"`;
  return `{"stream":"btcusdt@bookTicker","data":{"u":${updateId},"s":"BTCUSDT",${levels}}}`;
}

answerParent({ memory, delay });

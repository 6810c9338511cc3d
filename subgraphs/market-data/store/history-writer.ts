import type { Logger } from '#shared/logging/logger.ts';
import { Outage } from '#shared/logging/outage.ts';
import { isContentRefusal } from '#shared/store/database-failure.ts';
import { type Candle, closeTimeOf } from '../domain/candles/candle.ts';
import type { HistoryBatch, HistoryWrites } from '../domain/history.ts';
import type { MarketList } from '../domain/markets.ts';
import type { MarketTrade } from '../domain/trade.ts';

const FLUSH_EVERY_MS = 1000;
const PRUNE_EVERY_MS = 60_000;
const BATCH_ROWS = 1000;
const MAX_WAITING_TRADES = 50_000;
const MAX_WAITING_CANDLES = 50_000;
/** Somebody who writes may be gone for this long, with a margin, before it is replaced. */
const KEPT_OFF_DUTY_MS = 15_000;
const TRADES_DROPPED = 'trades were dropped: too many are waiting to be written';
const CANDLES_DROPPED = 'candles were dropped: too many are waiting to be written';

/** What bounds the writer. */
export interface HistoryWriterLimits {
  /** Whether this process writes: another one may have the same history. */
  readonly isOnDuty?: () => boolean;
  /** While the store is away this many trades wait; then the oldest are given up. */
  readonly maxWaitingTrades?: number;
  /** As many candles; then those of seconds are given up first, since they are kept for a day only. */
  readonly maxWaitingCandles?: number;
}

/**
 * Writes trades and candles in the background, in batches. The feed never waits for it: what the
 * store cannot take now is kept, up to a bound, and tried again.
 */
export class HistoryWriter {
  readonly #writes: HistoryWrites;
  readonly #logger: Logger;
  readonly #outage: Outage;
  readonly #maxWaitingTrades: number;
  readonly #maxWaitingCandles: number;
  readonly #isOnDuty: () => boolean;
  readonly #stopListening: readonly (() => void)[];
  readonly #timers: readonly NodeJS.Timeout[];
  #trades: MarketTrade[] = [];
  /** The newest state of each changed candle. */
  #candles = new Map<string, Candle>();
  #flushing: Promise<void> | null = null;
  #pruning: Promise<void> | null = null;
  readonly #stopping = new AbortController();

  /**
   * Listens from here on.
   * @param limits what bounds it, if it is not alone
   */
  constructor(
    writes: HistoryWrites,
    markets: MarketList,
    logger: Logger,
    limits: HistoryWriterLimits = {},
  ) {
    this.#isOnDuty = limits.isOnDuty ?? (() => true);
    this.#writes = writes;
    this.#maxWaitingTrades = limits.maxWaitingTrades ?? MAX_WAITING_TRADES;
    this.#maxWaitingCandles = limits.maxWaitingCandles ?? MAX_WAITING_CANDLES;
    this.#logger = logger;
    this.#outage = new Outage(logger, {
      away: 'could not write market history; retrying',
      back: 'market history is written again',
    });
    this.#stopListening = [...markets.all()].flatMap((market) => [
      market.onTape.add((change) => {
        if (change.kind === 'trade') this.#trades.push(change.trade);
      }),
      market.onCandle.add((candle) => this.#candles.set(keyOf(candle), candle)),
    ]);
    this.#timers = [
      setInterval(() => void this.flush(), FLUSH_EVERY_MS),
      setInterval(() => this.#prune(), PRUNE_EVERY_MS),
    ];
  }

  /** Writes what waits; one flush at a time. Never rejects: what failed waits for the next one. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => (this.#flushing = null));
    return this.#flushing;
  }

  /** Stops listening and writes the rest, forming candles included. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const stop of this.#stopListening) stop();
    this.#stopping.abort();
    await this.#pruning;
    await this.#flushing;
    await this.flush();
    // Without an answer the next one waits a few seconds.
    await this.#writes.release().catch(() => undefined);
  }

  async #flush(): Promise<void> {
    // Both are taken in one turn, so that the stored candles hold the stored trades, no more.
    const trades = this.#trades;
    const candles = this.#candles;
    this.#trades = [];
    this.#candles = new Map();
    if (!this.#isOnDuty()) return this.#keepNewest(trades, candles);
    try {
      // A process that cannot reach the others can still write; two never write at the same time.
      for (const batch of batchesOf(trades, [...candles.values()]))
        if (!(await this.#write(batch))) return this.#keepNewest(trades, candles);
      this.#outage.answered();
    } catch (cause) {
      this.#outage.failed(cause);
      this.#putBack(trades, candles);
    }
  }

  /** A row that the store refuses is given up alone: for its sake nothing else waits. */
  async #write(batch: HistoryBatch): Promise<boolean> {
    try {
      return await this.#writes.write(batch);
    } catch (cause) {
      const [left, right] = halvesOf(batch);
      if (!isContentRefusal(cause)) throw cause;
      if (right !== null) return (await this.#write(left)) && (await this.#write(right));
      this.#logger.error({ err: cause, batch }, 'the store rejected a row of market history');
      return true;
    }
  }

  /** What the process on duty may not have written yet, should it end now. */
  #keepNewest(trades: readonly MarketTrade[], candles: ReadonlyMap<string, Candle>): void {
    const heardMs = trades.at(-1)?.receivedAtMs ?? 0;
    const openedMs = Math.max(...[...candles.values()].map(({ openTimeMs }) => openTimeMs));
    this.#putBack(
      trades.filter(({ receivedAtMs }) => receivedAtMs >= heardMs - KEPT_OFF_DUTY_MS),
      new Map(
        [...candles].filter(([, candle]) => closeTimeOf(candle) >= openedMs - KEPT_OFF_DUTY_MS),
      ),
    );
  }

  #putBack(trades: readonly MarketTrade[], candles: ReadonlyMap<string, Candle>): void {
    const waiting = [...trades, ...this.#trades];
    this.#trades = waiting.slice(-this.#maxWaitingTrades);
    const changed = new Map([...candles, ...this.#candles]);
    this.#candles = withoutSurplus(changed, this.#maxWaitingCandles);
    this.#warnOf(waiting.length - this.#trades.length, TRADES_DROPPED);
    this.#warnOf(changed.size - this.#candles.size, CANDLES_DROPPED);
  }

  #warnOf(lost: number, text: string): void {
    if (lost > 0) this.#logger.error({ lost }, text);
  }

  /** One at a time. */
  #prune(): void {
    this.#pruning ??= this.#writes
      .prune(this.#stopping.signal)
      .catch((cause: unknown) =>
        this.#logger.warn({ err: cause }, 'could not remove old market history'),
      )
      .finally(() => (this.#pruning = null));
  }
}

/** The candles come with the last of the trades and after it: they never hold trades that are not stored. */
function* batchesOf(
  trades: readonly MarketTrade[],
  candles: readonly Candle[],
): Generator<HistoryBatch> {
  let start = 0;
  for (; start + BATCH_ROWS < trades.length; start += BATCH_ROWS)
    yield { trades: trades.slice(start, start + BATCH_ROWS), candles: [] };
  const rest = trades.slice(start);
  if (rest.length + candles.length > 0)
    yield { trades: rest, candles: candles.slice(0, BATCH_ROWS) };
  for (start = BATCH_ROWS; start < candles.length; start += BATCH_ROWS)
    yield { trades: [], candles: candles.slice(start, start + BATCH_ROWS) };
}

/** The second is null if there is one row. */
function halvesOf({ trades, candles }: HistoryBatch): readonly [HistoryBatch, HistoryBatch | null] {
  if (trades.length + candles.length <= 1) return [{ trades, candles }, null];
  if (trades.length > 0 && candles.length > 0)
    return [
      { trades, candles: [] },
      { trades: [], candles },
    ];
  const [ofTrades, ofCandles] = [trades.length, candles.length].map((count) => count >> 1);
  return [
    { trades: trades.slice(0, ofTrades), candles: candles.slice(0, ofCandles) },
    { trades: trades.slice(ofTrades), candles: candles.slice(ofCandles) },
  ];
}

/** At most so many of the candles: without the oldest of seconds, and without others if those are not enough. */
function withoutSurplus(candles: ReadonlyMap<string, Candle>, most: number): Map<string, Candle> {
  const surplus = Math.max(0, candles.size - most);
  const isOfSecond = ({ interval }: Candle) => interval === 'ONE_SECOND';
  const all = [...candles];
  const seconds = all.filter(([, candle]) => isOfSecond(candle)).slice(surplus);
  const others = all.filter(([, candle]) => !isOfSecond(candle)).slice(-most);
  return new Map([...others, ...seconds]);
}

function keyOf({ symbol, interval, openTimeMs }: Candle): string {
  return `${symbol}/${interval}/${openTimeMs}`;
}

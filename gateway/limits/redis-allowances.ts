import { once } from 'node:events';
import type { Redis, Result } from 'ioredis';
import { connectRedis } from '#shared/events/connect-redis.ts';
import type { AllowanceStore } from './allowance-store.ts';
import { type Allowance, type Level, microsecondsOf } from './gcra.ts';

/** A request waits no longer than this for Redis. */
const ANSWER_LIMIT_MS = 200;
/** After a wait without an answer Redis is left alone for this long, and nobody waits for it. */
const PAUSE_MS = 1000;
/** A gateway that starts waits this long for Redis, and then starts without it. */
const BEGIN_LIMIT_MS = 2000;

/**
 * The arithmetic of `gcra.ts`, by the clock of Redis. Numbers are returned as text, because Redis
 * would truncate them.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local cost, window, forced = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
local full, from = now + window, tonumber(redis.call('GET', KEYS[1]) or now)
if from > full or from < now then from = now end
local empty, admitted = from + cost, 1
if empty > full then
  admitted = forced and 1 or 0
  empty = forced and math.max(from, full) or from
end
local text = string.format('%.0f', empty)
if empty > now then redis.call('SET', KEYS[1], text, 'PX', math.ceil((empty - now) / 1000) + 1) end
return {admitted, text, string.format('%.0f', now)}
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeAllowance(
      key: string,
      costUs: number,
      windowUs: number,
      forced: '0' | '1',
    ): Result<[number, string, string], Context>;
  }
}

/** Levels in Redis, for all gateways that use it. */
export class RedisAllowances implements AllowanceStore {
  readonly #allowance: Allowance;
  readonly #prefix: string;
  readonly #redis: Redis;
  #pausedUntilMs = 0;

  /** @param prefix keeps two desks on one Redis apart */
  constructor(options: {
    readonly url: string;
    readonly prefix: string;
    readonly allowance: Allowance;
    readonly onError: (cause: unknown) => void;
  }) {
    this.#allowance = options.allowance;
    this.#prefix = options.prefix;
    const settings = {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      scripts: { takeAllowance: { lua: TAKE, numberOfKeys: 1 } },
    };
    this.#redis = connectRedis(options.url, settings, options.onError);
  }

  async take(principal: string, cost: number, isForced: boolean): Promise<Level> {
    if (this.#redis.status !== 'ready') throw new Error('Redis is not connected');
    if (performance.now() < this.#pausedUntilMs) throw new Error('Redis did not answer just now');
    const { windowMs } = this.#allowance;
    try {
      const [admitted, emptyAtUs, nowUs] = await inTime(
        this.#redis.takeAllowance(
          `${this.#prefix}:quota:${principal}`,
          microsecondsOf(this.#allowance, cost),
          windowMs * 1000,
          isForced ? '1' : '0',
        ),
      );
      return { isAdmitted: admitted === 1, emptyAtUs: Number(emptyAtUs), nowUs: Number(nowUs) };
    } catch (cause) {
      this.#pausedUntilMs = performance.now() + PAUSE_MS;
      throw cause;
    }
  }

  async begin(): Promise<void> {
    if (this.#redis.status === 'ready') return;
    const signal = AbortSignal.timeout(BEGIN_LIMIT_MS);
    await once(this.#redis, 'ready', { signal }).catch(() => undefined); // it may arrive later
  }

  close(): Promise<void> {
    this.#redis.disconnect();
    return Promise.resolve();
  }
}

/**
 * Waits for an answer of Redis, but not for long. An answer that arrived while this process was
 * busy, as with a plan, is read before the wait counts as over.
 */
function inTime<Answer>(asked: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const isLate = () => reject(new Error('Redis did not answer in time'));
    const timer = setTimeout(() => setImmediate(isLate), ANSWER_LIMIT_MS);
    void asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

import { Redis, type RedisOptions } from 'ioredis';

/** How often Redis is pinged while nothing else is sent. */
const PING_EVERY_MS = 2000;
/**
 * A connection without any answer for this long is given up: the other side is gone without a word.
 */
const SILENT_MS = 3000;

/**
 * A connection to Redis that is made again when it breaks, or when nothing is received on it any
 * more: the kernel alone would wait for a quarter of an hour.
 */
export function connectRedis(
  url: string,
  options: Omit<RedisOptions, 'replyMapping'>,
  onError: (cause: unknown) => void,
): Redis {
  const redis = new Redis(url, { ...options, socketTimeout: SILENT_MS });
  redis.on('error', onError);
  const pings = setInterval(() => {
    if (redis.status === 'ready') redis.ping().catch(() => undefined);
  }, PING_EVERY_MS).unref();
  redis.on('end', () => clearInterval(pings));
  return redis;
}

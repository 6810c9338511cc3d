import type { Logger } from '../logging/logger.ts';
import { Outage, type OutageTexts } from '../logging/outage.ts';

/** The variables that configure a process's Redis. */
export interface RedisEnvironment {
  readonly REDIS_URL?: string | undefined;
  readonly EVENT_PREFIX?: string | undefined;
}

/** What an adapter of Redis is opened with. */
export interface RedisSettings {
  readonly url: string;
  /** Keeps two desks on one Redis apart; there is no default, because a collision would leak data. */
  readonly prefix: string;
  readonly onError: (cause: unknown) => void;
  /** Called when the adapter is connected, each time. */
  readonly onConnected?: () => void;
}

/**
 * The settings of one adapter, which log when it loses Redis and has it again.
 * @returns null if the process has no Redis
 */
export function redisSettings(
  { REDIS_URL: url, EVENT_PREFIX: prefix }: RedisEnvironment,
  logger: Logger,
  texts: OutageTexts,
): RedisSettings | null {
  if (url === undefined || prefix === undefined) return null;
  const outage = new Outage(logger, texts);
  return {
    url,
    prefix,
    onError: (cause) => outage.failed(cause),
    onConnected: () => outage.answered(),
  };
}

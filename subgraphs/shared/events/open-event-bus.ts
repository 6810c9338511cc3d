import type { Logger } from '../logging/logger.ts';
import { Outage } from '../logging/outage.ts';
import type { EventBus } from './event-bus.ts';
import { MemoryEventBus } from './memory-event-bus.ts';

/** The variables that configure a process's bus. */
export interface EventBusEnvironment {
  readonly REDIS_URL?: string | undefined;
  readonly EVENT_PREFIX?: string | undefined;
}

/**
 * The bus of one process: over Redis if configured; otherwise in memory, and the Redis client is
 * not even loaded.
 */
export async function openEventBus(
  { REDIS_URL, EVENT_PREFIX }: EventBusEnvironment,
  logger: Logger,
): Promise<EventBus> {
  if (REDIS_URL === undefined || EVENT_PREFIX === undefined) return new MemoryEventBus();
  const { RedisEventBus } = await import('./redis-event-bus.ts');
  const outage = new Outage(logger, {
    away: 'no connection to the event bus',
    back: 'the event bus is connected again',
  });
  return new RedisEventBus({
    url: REDIS_URL,
    prefix: EVENT_PREFIX,
    onError: (cause) => outage.failed(cause),
    onConnected: () => outage.answered(),
  });
}

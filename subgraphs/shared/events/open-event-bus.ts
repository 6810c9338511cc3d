import type { Logger } from '../logging/logger.ts';
import type { EventBus } from './event-bus.ts';
import { MemoryEventBus } from './memory-event-bus.ts';
import { type RedisEnvironment, redisSettings } from './redis-settings.ts';

/**
 * The bus of one process: over Redis if configured; otherwise in memory, and the Redis client is
 * not even loaded.
 */
export async function openEventBus(
  environment: RedisEnvironment,
  logger: Logger,
): Promise<EventBus> {
  const settings = redisSettings(environment, logger, {
    away: 'no connection to the event bus',
    back: 'the event bus is connected again',
  });
  if (settings === null) return new MemoryEventBus();
  const { RedisEventBus } = await import('./redis-event-bus.ts');
  return new RedisEventBus(settings);
}

import type { Logger } from '../logging/logger.ts';
import { type RedisEnvironment, redisSettings } from './redis-settings.ts';
import type { SharedState } from './shared-state.ts';

/** What the processes of one unit share, over Redis; undefined if none is configured. */
export async function openSharedState(
  environment: RedisEnvironment,
  logger: Logger,
): Promise<SharedState | undefined> {
  const settings = redisSettings(environment, logger, {
    away: 'no connection to the shared state',
    back: 'the shared state is connected again',
  });
  if (settings === null) return undefined;
  const { RedisSharedState } = await import('./redis-shared-state.ts');
  return new RedisSharedState(settings);
}

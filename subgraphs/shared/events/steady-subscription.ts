import { setTimeout as pause } from 'node:timers/promises';
import type { BusSignal, EventBus } from './event-bus.ts';
import type { Topic, Topics } from './topics.ts';

const AGAIN_AFTER_MS = 500;

/**
 * Listens to a topic until `signal` aborts. While the bus is unreachable, it stays silent and keeps
 * resubscribing. Never throws.
 */
export async function* steadySubscription<T extends Topic>(
  bus: EventBus,
  topic: T,
  signal: AbortSignal,
): AsyncGenerator<BusSignal<Topics[T]>, undefined> {
  while (!signal.aborted) {
    const subscription = await bus.subscribe(topic).catch(() => null);
    const leave = () => void subscription?.return?.();
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    try {
      if (subscription !== null) yield* subscription;
    } finally {
      signal.removeEventListener('abort', leave);
    }
    await pause(AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined);
  }
}

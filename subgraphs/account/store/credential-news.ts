import type { UserId } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';

/**
 * Tells, behind a commit, whose credentials or roles may have changed by it. Once too often does no
 * harm: whoever hears it asks what is so.
 */
export type TellOfCredentials = (userId: UserId) => void;

/** Tells it to every gateway, over the bus. */
export function credentialNewsOn(bus: EventBus): TellOfCredentials {
  return (userId) => bus.publish('credentials.changed', { userId });
}

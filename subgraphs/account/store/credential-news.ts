import type { UserId } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { DomainError } from '#shared/graphql/domain-error.ts';

/**
 * Reports, after a commit, whose credentials or roles may have changed by it. Once too often does no
 * harm: whoever hears it asks what is so.
 */
export type TellOfCredentials = (userId: UserId) => void;

/** Tells it to every gateway, over the bus. */
export function credentialNewsOn(bus: EventBus): TellOfCredentials {
  return (userId) => bus.publish('credentials.changed', { userId });
}

/**
 * The result of work, which is reported if it changed a person's credentials or roles: every gateway asks about them again.
 * @param hasChanged whether it did; the answer of a commit can be lost, and then it is reported, too
 */
export async function toldIfChanged<Result>(
  tell: () => void,
  work: Promise<Result>,
  hasChanged: (result: Result) => boolean,
): Promise<Result> {
  try {
    const result = await work;
    if (hasChanged(result)) tell();
    return result;
  } catch (cause) {
    if (!(cause instanceof DomainError)) tell();
    throw cause;
  }
}

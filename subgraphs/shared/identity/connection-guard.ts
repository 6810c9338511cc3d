import type { UserId } from '#shared/domain/ids.ts';

/**
 * Names a client's connection that guards orders, together with its user: the same connection named
 * by another user is a different one, and not connected. `/` occurs in neither id.
 */
export function connectionGuard(userId: UserId, connectionId: string): string {
  return `${userId}/${connectionId}`;
}

/** The connection of a guard, without its user. */
export function connectionOfGuard(guard: string): string {
  return guard.slice(guard.indexOf('/') + 1);
}

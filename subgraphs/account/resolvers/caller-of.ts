import type { AccountContext } from '../context.ts';
import type { Caller } from '../identity/audit/audit-record.ts';
import { traderOf } from './trader-of.ts';

/** The user who asks, and from where. @throws DomainError UNAUTHENTICATED if it is not a user */
export function callerOf({ viewer, origin }: AccountContext): Caller {
  return { viewer: traderOf(viewer), origin };
}

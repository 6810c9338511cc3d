import type { AccountContext } from '../context.ts';
import type { Caller } from '../identity/audit-record.ts';
import { traderOf } from './trader-of.ts';

/** The person who asks, and from where. @throws DomainError UNAUTHENTICATED when it is no person */
export function callerOf({ viewer, origin }: AccountContext): Caller {
  return { viewer: traderOf(viewer), origin };
}

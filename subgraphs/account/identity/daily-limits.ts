import type { AuditAction } from './audit/audit-record.ts';

/**
 * How often a user can do something within 24 hours that leaves more in the store each time, also if they end it at
 * once. What ends a credential is not counted: it takes one that was made before.
 */
export const DAILY_LIMITS: Readonly<Partial<Record<AuditAction, number>>> = {
  API_KEY_CREATED: 1000,
  API_KEY_ROTATED: 1000,
  API_KEY_UPDATED: 1000,
  ACCOUNT_RENAMED: 1000,
  MEMBER_INVITED: 1000,
  WITHDRAWAL_ADDRESS_ADDED: 1000,
  WITHDRAWAL_REQUESTED: 10_000,
};

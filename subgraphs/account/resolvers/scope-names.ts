import type { Scope } from '#shared/identity/viewer.ts';
import type { Scope as ScopeName } from '../__generated__/graphql.ts';

/** The one table between the schema's names of scopes and the lower-case ones. */
const SCOPES: Readonly<Record<ScopeName, Scope>> = {
  MARKET_READ: 'market:read',
  ACCOUNT_READ: 'account:read',
  TRADE_READ: 'trade:read',
  TRADE_WRITE: 'trade:write',
  RFQ_WRITE: 'rfq:write',
  RFQ_STREAM: 'rfq:stream',
  TRANSFER_WRITE: 'transfer:write',
  WITHDRAW_WRITE: 'withdraw:write',
  KEYS_WRITE: 'keys:write',
};

/** The lower-case name of a scope of the schema. */
export function scopeOf(name: ScopeName): Scope {
  return SCOPES[name];
}

/** The schema's names for these scopes, in the schema's order. */
export function scopeNamesOf(scopes: readonly Scope[]): ScopeName[] {
  return (Object.keys(SCOPES) as ScopeName[]).filter((name) => scopes.includes(SCOPES[name]));
}

import type { AccountId } from '#shared/domain/ids.ts';
import type { AccountAccess } from './account-access.ts';

const HOUSE_ACCOUNT = 'house' as AccountId;

/** Whether the viewer is the desk: anyone who can trade on the house account. */
export function isDesk({ mayTrade }: Pick<AccountAccess, 'mayTrade'>): boolean {
  return mayTrade(HOUSE_ACCOUNT);
}

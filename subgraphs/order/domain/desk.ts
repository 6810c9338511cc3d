import type { AccountId } from '#shared/domain/ids.ts';
import type { AccountAccess } from './account-access.ts';

const HOUSE_ACCOUNT = 'house' as AccountId;

/** Whether the one who asks is the desk: whoever may trade on the house's account. */
export function isDesk({ mayTrade }: Pick<AccountAccess, 'mayTrade'>): boolean {
  return mayTrade(HOUSE_ACCOUNT);
}

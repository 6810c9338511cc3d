import {
  parseAccountId,
  parseSessionId,
  parseUserId,
  parseWithdrawalAddressId,
  trusted,
} from '#shared/domain/ids.ts';
import { randomText } from './random-text.ts';
import type { NewIds } from './credentials.ts';

const LENGTH = 22;

/** Random ids of 113 bits, each with a prefix that says what it is. */
export const newIds: NewIds = {
  userId: () => trusted(parseUserId, `usr-${randomText(LENGTH)}`),
  sessionId: () => trusted(parseSessionId, `ses-${randomText(LENGTH)}`),
  accountId: () => trusted(parseAccountId, `acc-${randomText(LENGTH)}`),
  withdrawalAddressId: () => trusted(parseWithdrawalAddressId, `adr-${randomText(LENGTH)}`),
};

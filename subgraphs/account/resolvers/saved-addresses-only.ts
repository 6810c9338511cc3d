import { toTimestamp } from '#shared/domain/clock.ts';
import {
  type SavedAddressesOnly,
  WITHDRAWAL_WAIT_MS,
} from '../identity/withdrawals/withdrawal-addresses.ts';

/** A user's switch, as in the schema. */
export function savedAddressesOnlyOf({ isOn, offFromMs }: SavedAddressesOnly) {
  const offFrom = offFromMs === null ? null : toTimestamp(offFromMs);
  return { isOn, offFrom, waitSeconds: WITHDRAWAL_WAIT_MS / 1000 };
}

import type { AccountId, TransferId, UserId } from '#shared/domain/ids.ts';
import type { Clock } from '#shared/domain/clock.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import { type Permission, rolesFor } from '#shared/identity/permission.ts';
import type { AccountRole } from '#shared/identity/viewer.ts';
import type { MoveMoney } from '../../domain/ledger-command.ts';
import type { GateRefusal } from '../../domain/ledger-outcome.ts';
import type { Rail } from '../../domain/rail.ts';
import type { GateVerdict, MoneyWay } from '../../domain/request-transfer.ts';
import { type Caller, credentialOf } from '../audit/audit-record.ts';
import type { MovementAsker, MovementStanding, MovementStandings } from './movement-standing.ts';
import { savedAddressesOnlyAt } from './withdrawal-addresses.ts';

/** What a movement takes on the account that the money leaves, and on the one that it reaches; null for the outside. */
export const RIGHTS = {
  deposit: { out: null, in: 'BRING_MONEY' },
  withdraw: { out: 'SEND_MONEY_OUT', in: null },
  transfer: { out: 'TRANSFER_MONEY', in: 'BRING_MONEY' },
} as const satisfies Record<MoveMoney['kind'], Record<MoneyWay, Permission | null>>;

/** The rail that a movement takes, and why it is refused while that is suspended; null for one within the desk. */
const RAILS = {
  deposit: { rail: 'DEPOSITS', reason: 'DEPOSITS_SUSPENDED' },
  withdraw: { rail: 'WITHDRAWALS', reason: 'WITHDRAWALS_SUSPENDED' },
  transfer: null,
} as const satisfies Record<
  MoveMoney['kind'],
  { readonly rail: Rail; readonly reason: GateRefusal } | null
>;

/** Checks the roles on the accounts, the rail and the address of movements of money, as they are now. */
export class MoneyGate {
  readonly #standings: MovementStandings;
  readonly #clock: Clock;

  constructor(options: { readonly standings: MovementStandings; readonly clock: Clock }) {
    this.#standings = options.standings;
    this.#clock = options.clock;
  }

  /**
   * Whether the movement is permitted. A repeated one always is once the first request was answered: it moves nothing, and
   * its code was already used up. Before that, such as at the same time, it takes the same code.
   * @throws DomainError UNAUTHENTICATED if the caller's credential has ended
   */
  async verdictOf(caller: Caller, movement: MoveMoney): Promise<GateVerdict> {
    const asker = this.#askerOf(caller);
    const standing = await this.#standings.standingOf(asker, movement);
    const accountId = accountWithoutRole(movement, standing);
    if (accountId !== null) return { kind: 'accountNotFound', accountId };
    if (standing.isAnswered) return { kind: 'permitted' };
    const suspended = RAILS[movement.kind];
    if (suspended !== null && standing.suspended.includes(suspended.rail))
      return { kind: 'refused', reason: suspended.reason };
    if (!leavesTheirHands(movement, standing)) return { kind: 'permitted' };
    const reason = refusalAt(movement, standing, asker.atMs);
    return reason === null ? { kind: 'takesCode' } : { kind: 'refused', reason };
  }

  /** See {@link MovementStandings.isAnswered}. */
  isAnswered(userId: UserId, id: TransferId): Promise<boolean> {
    return this.#standings.isAnswered(userId, id);
  }

  /** @throws DomainError UNAUTHENTICATED if the caller's credential has ended */
  assertCredential(caller: Caller): Promise<void> {
    return this.#standings.assertCredential(this.#askerOf(caller));
  }

  #askerOf(caller: Caller): MovementAsker {
    const atMs = this.#clock.now();
    return { userId: caller.viewer.userId, ...credentialOf(caller), atMs };
  }
}

/** Money that leaves an account is gone: a member who was removed in the meantime moves none. */
function accountWithoutRole(
  { kind, from, to }: MoveMoney,
  { fromRole, toRole }: MovementStanding,
): AccountId | null {
  if (!isEnough(RIGHTS[kind].out, fromRole)) return from;
  return isEnough(RIGHTS[kind].in, toRole) ? null : to;
}

function isEnough(right: Permission | null, role: AccountRole | null): boolean {
  return right === null || (role !== null && rolesFor(right).includes(role));
}

/**
 * Whether somebody gains control of the money. If a thief invites the user to an account of their own, a transfer to it
 * is as good as a withdrawal.
 */
function leavesTheirHands({ kind }: MoveMoney, { reachesOthers }: MovementStanding): boolean {
  switch (kind) {
    case 'deposit':
      return false;
    case 'withdraw':
      return true;
    case 'transfer':
      return reachesOthers;
    default:
      return assertNever(kind, 'MoneyGate');
  }
}

/** Where the money cannot go. */
function refusalAt(
  { kind, asset, addressId = null }: MoveMoney,
  { savedAddresses, address }: MovementStanding,
  atMs: number,
): GateRefusal | null {
  const { isOn: isBound } = savedAddressesOnlyAt(savedAddresses, atMs);
  if (kind === 'transfer') return isBound ? 'DESTINATION_SHARED' : null;
  if (addressId === null) return isBound ? 'ADDRESS_NEEDED' : null;
  if (address?.asset !== asset) return 'ADDRESS_NOT_FOUND';
  return atMs < address.usableFromMs ? 'ADDRESS_NOT_USABLE_YET' : null;
}

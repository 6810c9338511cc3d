import type { Clock } from '#shared/domain/clock.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import { type AssetCode, parseWithdrawalAddressId } from '#shared/domain/ids.ts';
import type { AnsweredMovements } from '../domain/answered-movements.ts';
import { bodyOf, type MoveMoney } from '../domain/ledger-command.ts';
import type { GateRefusal } from '../domain/ledger-outcome.ts';
import type { Caller } from './audit-record.ts';
import type { MemberReads } from './member-store.ts';
import type { SessionCode } from './session-code.ts';
import type { WithdrawalAddressStore } from './withdrawal-address-store.ts';
import type { WithdrawalAddresses } from './withdrawal-addresses.ts';

/** Checks the address and the second factor of movements by which money leaves a user's control. */
export class MoneyGate {
  readonly #addresses: Pick<WithdrawalAddressStore, 'address'>;
  readonly #policy: Pick<WithdrawalAddresses, 'policyOf'>;
  readonly #members: Pick<MemberReads, 'membersOf'>;
  readonly #code: Pick<SessionCode, 'refusalOf'>;
  readonly #movements: AnsweredMovements;
  readonly #clock: Clock;

  constructor(options: {
    readonly addresses: Pick<WithdrawalAddressStore, 'address'>;
    readonly policy: Pick<WithdrawalAddresses, 'policyOf'>;
    readonly members: Pick<MemberReads, 'membersOf'>;
    readonly code: Pick<SessionCode, 'refusalOf'>;
    readonly movements: AnsweredMovements;
    readonly clock: Clock;
  }) {
    this.#addresses = options.addresses;
    this.#policy = options.policy;
    this.#members = options.members;
    this.#code = options.code;
    this.#movements = options.movements;
    this.#clock = options.clock;
  }

  /**
   * Null if the movement is permitted. A repeated one always is once the first request was answered: it moves nothing, and
   * its code was already used up. Before that, such as at the same time, it is permitted with the same code.
   * @param code of the second factor; null if none is given
   */
  async refusalOf(
    caller: Caller,
    movement: MoveMoney,
    code: string | null,
  ): Promise<GateRefusal | null> {
    const { kind, transferId, asset, addressId = null } = movement;
    if (kind === 'deposit') return null;
    if (await this.#movements.isAnswered(caller.viewer.userId, transferId)) return null;
    switch (kind) {
      case 'withdraw': {
        const reason = await this.#addressRefusal(caller, asset, addressId);
        return reason ?? this.#code.refusalOf(caller, code, useBy(movement));
      }
      case 'transfer': {
        if (!(await this.#reachesOthers(movement))) return null;
        const isBound = await this.#isBound(caller);
        return isBound ? 'DESTINATION_SHARED' : this.#code.refusalOf(caller, code, useBy(movement));
      }
      default:
        return assertNever(kind, 'MoneyGate');
    }
  }

  async #addressRefusal(
    caller: Caller,
    asset: AssetCode,
    addressId: string | null,
  ): Promise<GateRefusal | null> {
    if (addressId === null) return (await this.#isBound(caller)) ? 'ADDRESS_NEEDED' : null;
    const id = parseWithdrawalAddressId(addressId);
    const address = id === null ? null : await this.#addresses.address(caller.viewer.userId, id);
    if (address?.asset !== asset) return 'ADDRESS_NOT_FOUND';
    return this.#clock.now() < address.usableFromMs ? 'ADDRESS_NOT_USABLE_YET' : null;
  }

  /**
   * Whether somebody gains control of the money. If a thief invites the user to an account of their own, a transfer to it
   * is as good as a withdrawal.
   */
  async #reachesOthers({ from, to }: MoveMoney): Promise<boolean> {
    const members = await this.#members.membersOf([from, to]);
    const ownersOf = (id: string) =>
      members.filter(({ accountId, role }) => accountId === id && role === 'OWNER');
    const before = new Set(ownersOf(from).map(({ userId }) => userId));
    return ownersOf(to).some(({ userId }) => !before.has(userId));
  }

  async #isBound({ viewer: { userId } }: Caller): Promise<boolean> {
    return (await this.#policy.policyOf(userId)).isOn;
  }
}

/** All of a movement, and its id, with which it takes effect once. */
function useBy(movement: MoveMoney): string {
  return JSON.stringify([movement.transferId, bodyOf(movement)]);
}

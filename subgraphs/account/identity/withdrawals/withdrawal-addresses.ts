import { type Clock, DAY_MS } from '#shared/domain/clock.ts';
import {
  type AssetCode,
  parseAssetCode,
  parseWithdrawalAddressId,
  type UserId,
} from '#shared/domain/ids.ts';
import type { AccountReads } from '../../domain/account-reads.ts';
import { type Caller, recordBy } from '../audit/audit-record.ts';
import type { NewIds } from '../credentials.ts';
import { parseDisplayName } from '../display-name.ts';
import type { SecondFactor } from '../second-factor/second-factor.ts';
import type { SessionCode } from '../second-factor/session-code.ts';
import type { CodeRefusal } from '../sign-in/sign-in-code.ts';
import type {
  SavedAddressesSwitch,
  WithdrawalAddress,
  WithdrawalAddressStore,
} from './withdrawal-address-store.ts';

/** How long a new address cannot be used, and how long the switch stays on after a request to turn it off. */
export const WITHDRAWAL_WAIT_MS = DAY_MS;

/** Printable ASCII without spaces: what addresses of every chain, and of banks, are written with. */
const ADDRESS = /^[!-~]{1,128}$/;

/** Why no address was saved; the first that applies, in this order. */
type AddressRefusal =
  'ASSET_NOT_FOUND' | 'ADDRESS_INVALID' | 'LABEL_INVALID' | 'TOO_MANY_ADDRESSES' | CodeRefusal;

/** The outcome of saving an address. */
type AddOutcome =
  | { readonly kind: 'added'; readonly address: WithdrawalAddress; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly reason: AddressRefusal };

/** Whether withdrawals go to saved addresses only. */
export interface SavedAddressesOnly {
  readonly isOn: boolean;
  /** When it goes off, milliseconds since the epoch; null if it stays as it is. */
  readonly offFromMs: number | null;
}

/** The outcome of setting the switch. */
type SwitchOutcome =
  | { readonly kind: 'set'; readonly policy: SavedAddressesOnly }
  | { readonly kind: 'refused'; readonly reason: 'SECOND_FACTOR_OFF' | CodeRefusal };

/**
 * A user's saved addresses for withdrawals, and their switch that permits no other ones. Both wait for a day with what
 * opens a way out, so that a user who was robbed of a session has time to see it.
 */
export class WithdrawalAddresses {
  readonly #store: WithdrawalAddressStore;
  readonly #accounts: Pick<AccountReads, 'knownAssets'>;
  readonly #secondFactor: Pick<SecondFactor, 'isOn'>;
  readonly #code: Pick<SessionCode, 'guard'>;
  readonly #ids: Pick<NewIds, 'withdrawalAddressId'>;
  readonly #clock: Clock;

  constructor(options: {
    readonly store: WithdrawalAddressStore;
    readonly accounts: Pick<AccountReads, 'knownAssets'>;
    readonly secondFactor: Pick<SecondFactor, 'isOn'>;
    readonly code: Pick<SessionCode, 'guard'>;
    readonly ids: Pick<NewIds, 'withdrawalAddressId'>;
    readonly clock: Clock;
  }) {
    this.#store = options.store;
    this.#accounts = options.accounts;
    this.#secondFactor = options.secondFactor;
    this.#code = options.code;
    this.#ids = options.ids;
    this.#clock = options.clock;
  }

  /** A user's addresses, newest first. */
  addressesOf(userId: UserId): Promise<readonly WithdrawalAddress[]> {
    return this.#store.addressesOf(userId);
  }

  /** Saves an address; one that the user has already is answered as it is, so that repeating is harmless. */
  async add(
    caller: Caller,
    request: {
      readonly asset: string;
      readonly address: string;
      readonly label: string;
      readonly code: string | null;
    },
  ): Promise<AddOutcome> {
    const { userId } = caller.viewer;
    const asset = parseAssetCode(request.asset);
    if (asset === null || (await this.#accounts.knownAssets([asset])).size === 0)
      return refused('ASSET_NOT_FOUND');
    if (!ADDRESS.test(request.address)) return refused('ADDRESS_INVALID');
    const label = parseDisplayName(request.label);
    if (label === null) return refused('LABEL_INVALID');
    const { address } = request;
    const replay = await this.#replayOf(userId, asset, address);
    if (replay !== null) return replay;
    const now = this.#clock.now();
    const id = this.#ids.withdrawalAddressId();
    const times = { addedAtMs: now, usableFromMs: now + WITHDRAWAL_WAIT_MS };
    const saved = { id, userId, asset, address, label, ...times };
    const added = await this.#code.guard(caller, request.code, (proven) =>
      this.#store.add(saved, recordBy(proven, 'WITHDRAWAL_ADDRESS_ADDED', id, now)),
    );
    if (added.kind === 'full') return refused('TOO_MANY_ADDRESSES');
    if (added.kind !== 'refused') return added;
    // The same request, sent twice at once, may have added it meanwhile and used the code up.
    return (await this.#replayOf(userId, asset, address)) ?? added;
  }

  /** The answer for an address that is saved already; null if it is not. */
  async #replayOf(userId: UserId, asset: AssetCode, address: string): Promise<AddOutcome | null> {
    const known = (await this.#store.addressesOf(userId)).find(
      (one) => one.asset === asset && one.address === address,
    );
    return known === undefined ? null : { kind: 'added', address: known, replayed: true };
  }

  /** Removes an address. @returns null if the caller has no such address */
  async remove(caller: Caller, idText: string): Promise<WithdrawalAddress | null> {
    const id = parseWithdrawalAddressId(idText);
    if (id === null) return null;
    const record = recordBy(caller, 'WITHDRAWAL_ADDRESS_REMOVED', id, this.#clock.now());
    return this.#store.remove(id, record);
  }

  /** The user's switch now. */
  async policyOf(userId: UserId): Promise<SavedAddressesOnly> {
    return savedAddressesOnlyAt(await this.#store.switchOf(userId), this.#clock.now());
  }

  /** Turns the switch on at once, or off after the wait; both need the second factor. */
  async setOnly(
    caller: Caller,
    request: { readonly isOn: boolean; readonly code: string | null },
  ): Promise<SwitchOutcome> {
    const { userId } = caller.viewer;
    if (!(await this.#secondFactor.isOn(userId)))
      return { kind: 'refused', reason: 'SECOND_FACTOR_OFF' };
    const now = this.#clock.now();
    const action = request.isOn ? 'SAVED_ADDRESSES_ONLY_ON' : 'SAVED_ADDRESSES_ONLY_OFF_REQUESTED';
    return this.#code.guard(caller, request.code, async (proven) => {
      const record = recordBy(proven, action, null, now);
      const stored = request.isOn
        ? await this.#store.switchOn(record)
        : await this.#store.switchOff(now + WITHDRAWAL_WAIT_MS, record);
      return { kind: 'set', policy: savedAddressesOnlyAt(stored, now) } as const;
    });
  }
}

/** A user's switch at a time. @param stored null for a user who never turned it on */
export function savedAddressesOnlyAt(
  stored: SavedAddressesSwitch | null,
  atMs: number,
): SavedAddressesOnly {
  const offFromMs = stored?.offFromMs ?? null;
  const isOn = stored !== null && (offFromMs === null || atMs < offFromMs);
  return { isOn, offFromMs: isOn ? offFromMs : null };
}

function refused(reason: AddressRefusal): AddOutcome {
  return { kind: 'refused', reason };
}

import type { AccountId } from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';
import {
  type CommandBody,
  idOf,
  isMoveMoney,
  type LedgerCommand,
  type MoveMoney,
} from './ledger-command.ts';

/** Why a user's money was not moved. */
export type TransferRefusalReason =
  | 'INVALID_TRANSFER_ID'
  | GateRefusal
  | 'ASSET_NOT_FOUND'
  | 'INVALID_AMOUNT'
  | 'SAME_ACCOUNT'
  | 'ACCOUNT_CLOSED'
  | 'ACCOUNT_FROZEN'
  | 'INSUFFICIENT_FUNDS'
  | CodeReason;

/** What a movement lacks; found before anything is asked of the ledger, so its id is not used up. */
export type GateRefusal =
  | 'DEPOSITS_SUSPENDED'
  | 'WITHDRAWALS_SUSPENDED'
  | 'ADDRESS_NEEDED'
  | 'ADDRESS_NOT_FOUND'
  | 'ADDRESS_NOT_USABLE_YET'
  | 'DESTINATION_SHARED';

/** Why a user in a session has not proved that they have their second factor; the id is not used up. */
export type CodeReason = 'SECOND_FACTOR_NEEDED' | 'SECOND_FACTOR_INVALID' | 'TOO_MANY_ATTEMPTS';

/** Why the desk's correction was not made; final. */
export type CorrectionRefusal =
  'INVALID_AMOUNT' | 'ALREADY_CORRECTED' | 'ACCOUNT_CLOSED' | 'INSUFFICIENT_FUNDS';

/** The final outcome of a command: stored with it, and the answer to every repetition. */
export type StoredOutcome =
  | { readonly kind: 'applied'; readonly atMs: number }
  /** Holds only: less was free than requested. */
  | { readonly kind: 'insufficientFunds'; readonly free: Money }
  /** Holds only: no such account, or one that is frozen, or the desk's own. */
  | { readonly kind: 'accountUnavailable' }
  /** Holds only: the account is closed, for good. */
  | { readonly kind: 'accountClosed' }
  /** Holds only: it was released before it was placed, or before it was to grow. */
  | { readonly kind: 'holdVoid' }
  /** Users' movements only; `free` if that is the reason. */
  | {
      readonly kind: 'transferRefused';
      readonly reason: TransferRefusalReason;
      readonly free: Money | null;
    }
  /** Corrections only; `free` if that is the reason. */
  | {
      readonly kind: 'correctionRefused';
      readonly reason: CorrectionRefusal;
      readonly free: Money | null;
    };

/** An answer to a command; only the first kind is stored. */
export type LedgerAnswer =
  | {
      readonly kind: 'answered';
      readonly outcome: StoredOutcome;
      /** Whether this repeats the first answer. */
      readonly replayed: boolean;
    }
  /** The id was used before, with other content, which stands. */
  | { readonly kind: 'conflict'; readonly differingFields: readonly string[] }
  /** There is no such account. */
  | { readonly kind: 'accountNotFound'; readonly accountId: AccountId }
  /** Only tried out: it would be applied, and was not. */
  | { readonly kind: 'applicable' };

/** A command that was answered, as the store keeps it. */
export interface AnsweredCommand {
  readonly key: CommandKey;
  readonly body: CommandBody;
  readonly outcome: StoredOutcome;
  readonly atMs: number;
}

/** What identifies a command: ids of different makers or kinds never collide. */
export interface CommandKey {
  /** The id of a user, or the name of a service. */
  readonly issuer: string;
  /** The three kinds of a user's movements share their ids. */
  readonly kind: Exclude<LedgerCommand, MoveMoney>['kind'] | 'moveMoney';
  readonly id: string;
}

/** The key under which a command is answered once. */
export function commandKey(issuer: string, command: LedgerCommand): CommandKey {
  const kind = isMoveMoney(command) ? 'moveMoney' : command.kind;
  return { issuer, kind, id: idOf(command) };
}

/** The fields in which two contents differ, by name. */
export function differingFields(left: CommandBody, right: CommandBody): readonly string[] {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].filter((name) => left[name] !== right[name]).sort();
}

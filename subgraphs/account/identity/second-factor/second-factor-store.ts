import type { UserId } from '#shared/domain/ids.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import type { RightCode } from './right-code.ts';

/** A user's second factor. Times are milliseconds since the epoch. */
interface StoredSecondFactor {
  /** The secret that it shares with the user's device. */
  readonly sealedSecret: string;
  /** When the user showed that the device has it; null until then, and no code is required. */
  readonly confirmedAtMs: number | null;
  readonly recoveryCodesLeft: number;
}

/** The secret of a confirmed second factor, and whose it is. */
export interface SealedSecret extends Pick<StoredSecondFactor, 'sealedSecret'> {
  readonly userId: UserId;
}

/**
 * The port for storing second factors; each change is stored with its audit record, or neither is. A `use` is a hash
 * of a code and of the one thing that it is shown for: a repetition of exactly that passes with the same code, while no
 * other code was used since.
 */
export interface SecondFactorStore {
  factorOf(userId: UserId): Promise<StoredSecondFactor | null>;
  /** The secrets of this many confirmed ones, the newest first. */
  newestSecrets(most: number): Promise<readonly SealedSecret[]>;
  /** Starts one again. @returns false, and nothing is changed, if one is confirmed already */
  start(userId: UserId, sealedSecret: string): Promise<boolean>;
  /** @returns false if it does not exist, was started again since, or is confirmed already */
  confirm(
    change: {
      readonly sealedSecret: string;
      readonly counter: bigint;
      readonly codeHashes: readonly string[];
    },
    record: AuditRecord,
  ): Promise<boolean>;
  /** Whether a right code could still be used for anything. */
  isUnused(userId: UserId, code: RightCode): Promise<boolean>;
  /** Marks a half minute as used. @returns false if it, or a later one, was used before for anything but this use */
  useCounter(userId: UserId, counter: bigint, use: string): Promise<boolean>;
  /**
   * Marks a recovery code as used.
   * @returns false if it does not exist, or was used before for anything but this use
   */
  useRecoveryCode(codeHash: string, record: AuditRecord, use: string): Promise<boolean>;
  /** Replaces all recovery codes. */
  renewRecoveryCodes(codeHashes: readonly string[], record: AuditRecord): Promise<void>;
  remove(record: AuditRecord): Promise<void>;
  /**
   * Removes it, confirmed or not, and ends all sessions of the user.
   * @returns how many sessions ended; null, and nothing is changed, if there is no second factor
   */
  reset(record: AuditRecord): Promise<number | null>;
}

import type { UserId } from '#shared/domain/ids.ts';
import type { AuditRecord } from './audit-record.ts';

/** A person's second factor. Times are milliseconds since the epoch. */
interface StoredSecondFactor {
  /** The secret it shares with the person's device. */
  readonly sealedSecret: string;
  /** When the person showed that the device has it; null until then, and it is not asked for. */
  readonly confirmedAtMs: number | null;
  readonly recoveryCodesLeft: number;
}

/** The port behind which second factors are kept; each change with its record, or neither. */
export interface SecondFactorStore {
  factorOf(userId: UserId): Promise<StoredSecondFactor | null>;
  /** Begins one again. @returns false, and nothing is changed, when one is confirmed already */
  start(userId: UserId, sealedSecret: string): Promise<boolean>;
  /** @returns false when it is not there, was begun again since, or is confirmed already */
  confirm(
    change: {
      readonly sealedSecret: string;
      readonly counter: bigint;
      readonly codeHashes: readonly string[];
    },
    record: AuditRecord,
  ): Promise<boolean>;
  /** Takes a half minute as used. @returns false when it, or a later one, was used before */
  useCounter(userId: UserId, counter: bigint): Promise<boolean>;
  /** Takes a code as used. @returns false when it is not there, or was used before */
  useRecoveryCode(codeHash: string, record: AuditRecord): Promise<boolean>;
  /** Puts new codes in the place of all there are. */
  renewRecoveryCodes(codeHashes: readonly string[], record: AuditRecord): Promise<void>;
  remove(record: AuditRecord): Promise<void>;
}

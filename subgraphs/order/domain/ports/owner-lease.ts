/**
 * The right to change the books, which one process has at a time. It lasts for seconds and must be
 * renewed; the next owner has a higher token, and writes with a lower one are refused.
 */
export interface OwnerLease {
  /** Takes it if nobody has it. @returns whether this process has it now */
  take(): Promise<boolean>;
  /** Renews it for some more seconds. @returns false if another process has taken it */
  renew(): Promise<boolean>;
  /** Gives it up, so that another process need not wait. */
  release(): Promise<void>;
}

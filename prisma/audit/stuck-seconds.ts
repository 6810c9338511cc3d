/** Work that waits for the ledger or the books longer than this is stuck. */
export const STUCK_SECONDS = 60;

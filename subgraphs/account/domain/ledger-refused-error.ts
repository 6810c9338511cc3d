/**
 * Something in the commands of a call is not as it can be, and nothing of the call was done: a bug of whoever sent them, or
 * two units that disagree. To send the same again cannot help before that is put right.
 */
export class LedgerRefusedError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'LedgerRefusedError';
  }
}

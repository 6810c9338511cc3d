import { UnavailableError } from './unavailable-error.ts';

/** This process does not own the books, or no longer does. What it was asked was not done. */
export class NotOwnerError extends UnavailableError {
  constructor(cause?: unknown) {
    super('Another process owns the order books. Nothing was done.', cause);
    this.name = 'NotOwnerError';
  }
}

/** Whether what failed may have been done nevertheless: its turn may be stored, and only the answer lost. */
export function mayBeDone(cause: unknown): boolean {
  return cause instanceof UnavailableError && !(cause instanceof NotOwnerError);
}

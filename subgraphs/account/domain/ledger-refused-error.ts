import { messageOf } from '#shared/domain/message-of.ts';

/**
 * The commands of a call contradict the ledger, and none of them took effect: a bug of the sender,
 * or two subgraphs that disagree. Sending the same again cannot help before that is resolved.
 */
export class LedgerRefusedError extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = 'LedgerRefusedError';
  }
}

/**
 * A turn failed because of its content: a command broke an invariant, or the store a constraint. It
 * is a bug of ours; nothing took effect, and other commands are tried without it.
 */
export class TurnRefusedError extends Error {
  constructor(cause: unknown) {
    super('A turn of the journal was refused because of its content.', { cause });
    this.name = 'TurnRefusedError';
  }
}

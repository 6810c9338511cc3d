/** A part of the system did not answer. What was asked of it may or may not have taken effect. */
export class UnavailableError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'UnavailableError';
  }
}

/** A code of the second factor that is right, however it was written. */
export type RightCode =
  /** From the device; the half minute since the epoch that it belongs to. */
  | { readonly kind: 'ofDevice'; readonly counter: bigint }
  | { readonly kind: 'forRecovery'; readonly codeHash: string };

/** Thrown within a change whose code was used for something else in the meantime: nothing is changed. */
export class CodeUsedError extends Error {
  constructor() {
    super('The code of a change was used in the meantime.');
    this.name = 'CodeUsedError';
  }
}

/** A code of the second factor that is right, however it was written. */
export type RightCode =
  /** From the device; the half minute since the epoch that it belongs to. */
  | { readonly kind: 'ofDevice'; readonly counter: bigint }
  | { readonly kind: 'forRecovery'; readonly codeHash: string };

/** The result of checking a code that was not used up; `notNeeded` if the user has no second factor. */
export type CheckedCode =
  | { readonly kind: 'notNeeded' | 'wrong' | 'locked' }
  | { readonly kind: 'right'; readonly code: RightCode };

/** Thrown within a change whose code was used for something else in the meantime: nothing is changed. */
export class CodeUsedError extends Error {
  constructor() {
    super('The code of a change was used in the meantime.');
    this.name = 'CodeUsedError';
  }
}

/** Waits for a change that uses a code up. @returns the refusal, if the code was used in the meantime */
export async function unlessCodeUsed<Result, Refusal>(
  change: Promise<Result>,
  refusal: () => Refusal,
): Promise<Result | Refusal> {
  try {
    return await change;
  } catch (cause) {
    if (cause instanceof CodeUsedError) return refusal();
    throw cause;
  }
}

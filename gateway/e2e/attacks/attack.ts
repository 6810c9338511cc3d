/** One row of the table of threats. */
export interface Attack {
  /** `S1`. */
  readonly row: string;
  readonly name: string;
  /** Everything that an attacker would try, also what no test tries. */
  readonly tries: readonly Try[];
}

/** One thing that is tried. */
export interface Try {
  readonly tried: string;
  /** The answer, as the tests assert it; without tests, the one it should have. */
  readonly answer: string;
  /**
   * The tests that prove it, as Vitest prints them: `file > describe > title`. With a `*` at the end,
   * all tests that begin like that. Without any it is not proven, and the row is not held.
   */
  readonly proofs: readonly string[];
}

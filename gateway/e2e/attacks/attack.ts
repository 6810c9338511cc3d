/** One row of the table of threats. */
export interface Attack {
  /** `S1`. */
  readonly row: string;
  readonly name: string;
  /** All that an attacker would try; what no test tries stands here too, without one. */
  readonly tries: readonly Try[];
}

/** One thing that is tried. */
export interface Try {
  readonly tried: string;
  /** What comes back, as the tests assert it; what ought to, if there is none. */
  readonly answer: string;
  /**
   * The tests that prove it, as Vitest prints them: `file > describe > title`, or with a `*` at the
   * end all that begin so. None: it is not proven, and the row is not held.
   */
  readonly proofs: readonly string[];
}

/** A page of what somebody made, newest first; of two made at once the higher id first. */
export interface CreationPageKey {
  /** Only what comes after this one in the list; null from the newest. */
  readonly before: { readonly createdAtMs: number; readonly id: string } | null;
  readonly limit: number;
}

/**
 * A page of items sorted by their creation, newest first; of two made at the same time the higher
 * id first.
 */
export interface CreationPageKey {
  /** Only items that follow this one in the list; null begins with the newest. */
  readonly before: { readonly createdAtMs: number; readonly id: string } | null;
  readonly limit: number;
}

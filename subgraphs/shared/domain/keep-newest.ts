/**
 * Keeps a value behind all others, as the newest, and no more than there is room for: who was longest
 * not kept again goes.
 */
export function keepNewest<Key, Value>(
  values: Map<Key, Value>,
  [key, value]: readonly [Key, Value],
  most: number,
): void {
  values.delete(key);
  values.set(key, value);
  for (const oldest of values.keys()) {
    if (values.size <= most) break;
    values.delete(oldest);
  }
}

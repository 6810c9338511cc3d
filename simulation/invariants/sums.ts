/** Adds up amounts by key. */
export function sumsBy<Value>(
  values: Iterable<Value>,
  keyOf: (value: Value) => string,
  amountOf: (value: Value) => bigint,
): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const value of values) {
    const key = keyOf(value);
    sums.set(key, (sums.get(key) ?? 0n) + amountOf(value));
  }
  return sums;
}

/**
 * Turns a stream into the source event stream of a subscription field. Each event is a root value
 * that has the field, so the field needs no resolver, and its permission rule is checked once, when
 * the stream opens.
 */
export function asField<Name extends string, Frame>(
  name: Name,
  stream: AsyncIterator<Frame, undefined, undefined>,
): AsyncIterableIterator<Record<Name, Frame>, undefined, undefined> {
  const iterator: AsyncIterableIterator<Record<Name, Frame>, undefined, undefined> = {
    next: async () => {
      const { value, done } = await stream.next();
      if (done === true) return { value: undefined, done };
      return { value: { [name]: value } as Record<Name, Frame>, done: false };
    },
    return: async () => {
      await stream.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

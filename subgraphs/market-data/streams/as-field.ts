/**
 * A stream as the source event stream of a subscription field: each event is the root value in which
 * the field is found, so that the field needs no resolver of its own and a rule on the field is asked
 * once, when the stream opens.
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

/**
 * A generator that can be ended while it waits: its source is closed first, which wakes it. (A bare
 * generator answers `return()` only when it reaches its next `yield`.)
 */
export function closableStream<Item>(
  items: AsyncGenerator<Item, undefined>,
  closeSource: () => Promise<void>,
): AsyncGenerator<Item, undefined> {
  const close = async () => {
    await closeSource();
    return items.return(undefined);
  };
  const stream: AsyncGenerator<Item, undefined> = {
    next: () => items.next(),
    return: close,
    throw: async (cause: unknown) => {
      await close();
      throw cause;
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}

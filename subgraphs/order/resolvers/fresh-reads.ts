// What a context has read is remembered, so that one operation reads nothing twice. It is forgotten as soon as it can have
// changed.
import type { OrderContext } from '../context.ts';

/**
 * Shapes the events of a stream, whose context lives as long as the stream does. Each event is sent with what belongs to
 * it as it is then.
 */
export function eachEvent<Item, Event>(
  shape: (item: Item, context: OrderContext) => Event,
): (item: Item, args: object, context: OrderContext) => Event {
  return (item, _args, context) => {
    context.loaders.forget();
    return shape(item, context);
  };
}

type Command = (parent: unknown, args: never, context: OrderContext, info: never) => unknown;

/** The same commands. What is selected of the result of each is read after it, also if several are in one operation. */
export function eachCommand<Commands extends object>(commands: Commands): Commands {
  const entries = Object.entries(commands) as [string, Command][];
  return Object.fromEntries(
    entries.map(([name, command]): [string, Command] => [
      name,
      (parent, args, context, info) => {
        context.loaders.forget();
        return command(parent, args, context, info);
      },
    ]),
  ) as Commands;
}

import type { OrderContext } from '../context.ts';

/**
 * Shapes the events of a stream. Its context lives as long as the stream does, and remembers what it has read: so that
 * is forgotten before every event, and each is told with what belongs to it as it is then.
 */
export function eachEvent<Item, Event>(
  shape: (item: Item, context: OrderContext) => Event,
): (item: Item, args: object, context: OrderContext) => Event {
  return (item, _args, context) => {
    context.loaders.forget();
    return shape(item, context);
  };
}

import type { GatewayContext } from '../gateway-context.ts';

/** On the context itself: what a WeakMap holds outlives its key by several collections. */
const SENT = Symbol('sent command');

interface CommandingContext extends GatewayContext {
  [SENT]?: true;
}

/** Notes that a command of an operation was sent: no later error may say that nothing was done. */
export function noteSentCommand(context: CommandingContext): void {
  context[SENT] = true;
}

/** Whether a command of the operation was sent to any subgraph. */
export function hasSentCommand(context: CommandingContext): boolean {
  return context[SENT] === true;
}

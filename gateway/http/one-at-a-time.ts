import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How many requests of a connection can wait for the answers to earlier ones. */
export const MOST_WAITING = 20;

/** A request whose turn has not come. */
interface Waiting {
  readonly begin: () => void;
  /** Until it hangs up. */
  readonly timer: NodeJS.Timeout;
}

/**
 * Begins the requests of a connection one after the other, each when the answer to the one before
 * has been sent, and in a turn of the event loop of its own: a client can send hundreds in one packet,
 * and nobody else would have a turn until all of them were begun. A connection with too many, or with
 * one that has waited too long behind an answer that is not read or has no end, is cut off. What
 * waits when a connection ends is never begun. Call it before any other hook is added.
 * @param limitMs how long a request can wait
 */
export function answerOneAtATime(app: FastifyInstance, limitMs: number): void {
  /** Of the connections that have a request under way. */
  const lines = new WeakMap<Socket, Waiting[]>();
  const goOn = (socket: Socket, line: Waiting[]) => {
    if (!socket.writable) for (const { timer } of line.splice(0)) clearTimeout(timer);
    const next = line.shift();
    if (next === undefined) return void lines.delete(socket);
    clearTimeout(next.timer);
    next.begin();
  };
  app.addHook('onRequest', ({ raw: { socket } }, { raw: response }, done) => {
    const line = lines.get(socket) ?? [];
    const begin = () => {
      if (response.socket === null) {
        // Another answer is before it, of a request that no hook sees, or the last one: if it never
        // has its turn Node does not close it, and an event stream would go on for good.
        socket.destroySoon();
        return goOn(socket, line);
      }
      response.once('close', () =>
        line.length > 0 ? setImmediate(() => goOn(socket, line)) : goOn(socket, line),
      );
      done();
    };
    if (!lines.has(socket)) {
      lines.set(socket, line);
      begin();
    } else if (line.length < MOST_WAITING)
      line.push({ begin, timer: setTimeout(() => socket.destroy(), limitMs).unref() });
    else socket.destroy();
  });
}

import type { IncomingMessage } from 'node:http';

/** Until the request itself is forgotten. */
const BODIES = new WeakMap<IncomingMessage, string>();

/** Keeps a body as it came, for whoever has to check a signature over it. */
export function keepRawBody(request: IncomingMessage, body: string): void {
  BODIES.set(request, body);
}

/** The body as it came; empty for none. */
export function rawBodyOf(request: IncomingMessage): string {
  return BODIES.get(request) ?? '';
}

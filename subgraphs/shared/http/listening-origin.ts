import type { Server } from 'node:net';
import { invariant } from '#shared/domain/invariant.ts';

/** The origin of an HTTP server that listens, with its real port: `http://127.0.0.1:4001`, `http://[::1]:4001`. */
export function listeningOrigin(server: Server): string {
  const place = server.address();
  invariant(place !== null && typeof place !== 'string', 'an HTTP server listens on a TCP port');
  const { address, family, port } = place;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

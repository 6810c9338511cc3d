import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { networkOf, plainAddress } from '#shared/identity/address-ranges.ts';
import { Places } from '../subscriptions/connection-limits.ts';
import type { ClientOrigins } from './client-origins.ts';

/** More than the users behind one address need, a few each; sockets and event streams included. */
const CONNECTIONS_PER_ADDRESS = 2000;

/**
 * Ends new connections of a network address that has very many: a process has a limited number, and
 * one that asks for little now and then costs its client nothing. Behind a trusted proxy all clients
 * have the proxy's address, and it bounds them.
 */
export function boundConnections(
  server: Server,
  clients: ClientOrigins,
  most = CONNECTIONS_PER_ADDRESS,
): void {
  const places = new Places(most);
  /** A connection that asked for another protocol is handed to the server once more. */
  const counted = new WeakSet<Socket>();
  server.prependListener('connection', (socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    if (counted.has(socket) || clients.isProxy(address)) return;
    const leave = places.take(networkOf(address));
    if (leave === null) return void socket.resetAndDestroy();
    counted.add(socket);
    socket.once('close', leave);
  });
}

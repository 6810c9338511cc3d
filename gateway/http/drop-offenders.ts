import type { Server } from 'node:http';
import { plainAddress } from '#shared/identity/address-ranges.ts';
import type { Offenses } from '../limits/offenses.ts';

/**
 * Ends new connections of strangers who sent too many invalid requests before a byte of them is
 * read, so that a flood costs little more than the kernel's part. Addresses that sent a valid
 * credential lately are spared, because their users are not limited by what others do there. Behind
 * a trusted proxy nothing is counted under the proxy's own address.
 */
export function dropOffenders(server: Server, offenses: Offenses): void {
  server.prependListener('connection', (socket) => {
    if (offenses.isShunned(plainAddress(socket.remoteAddress ?? ''))) socket.resetAndDestroy();
  });
}

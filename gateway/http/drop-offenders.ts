import type { Server } from 'node:http';
import { plainAddress } from '#shared/identity/address-ranges.ts';
import type { Offenses } from '../limits/offenses.ts';

/**
 * Ends new connections of strangers who sent too many invalid requests, before a byte of them is read: what a flood
 * costs is then little more than the kernel's part. Addresses from where a good credential came are
 * spared, for those with credentials are not held to what others do there; and of clients behind a
 * trusted proxy nothing is counted under the proxy's own address.
 */
export function dropOffenders(server: Server, offenses: Offenses): void {
  server.prependListener('connection', (socket) => {
    if (offenses.isShunned(plainAddress(socket.remoteAddress ?? ''))) socket.resetAndDestroy();
  });
}

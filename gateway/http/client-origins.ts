import type { IncomingMessage } from 'node:http';
import { invariant } from '#shared/domain/invariant.ts';
import { AddressRanges, plainAddress } from '#shared/identity/address-ranges.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';

const MAX_USER_AGENT = 200;
const UNPRINTABLE = /[^\x20-\x7e]/g;
/** An address with a port, as some proxies write it, or an IPv6 one in brackets. */
const WITH_PORT = /^(?:\[(.+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/;

/**
 * Finds the address that a request comes from. `X-Forwarded-For` is believed from right to left for
 * as long as the address that vouches for an entry is a trusted proxy: what a client writes there
 * itself is further left and is never reached.
 */
export class ClientOrigins {
  readonly #trusted: AddressRanges;

  /** @param trustedProxies addresses and blocks; none if no proxy is in front of us */
  constructor(trustedProxies: readonly string[]) {
    const ranges = AddressRanges.parse(trustedProxies);
    invariant(ranges !== null, 'a trusted proxy is no IP address');
    this.#trusted = ranges;
  }

  /** @param request of HTTP, or a WebSocket's upgrade */
  of({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): ClientOrigin {
    const forwarded = [headers['x-forwarded-for'] ?? ''].flat().join(',').split(',');
    let address = plainAddress(socket.remoteAddress ?? '');
    while (this.#trusted.includes(address)) {
      const before = forwarded.pop()?.trim();
      if (before === undefined || before === '') break;
      address = plainAddress(withoutPort(before));
    }
    const userAgent = headers['user-agent']?.replace(UNPRINTABLE, '').slice(0, MAX_USER_AGENT);
    return { address, userAgent: userAgent ?? null };
  }

  /** Whether an address is a trusted proxy's, in the form of `plainAddress`. */
  isProxy(address: string): boolean {
    return this.#trusted.includes(address);
  }

  /**
   * Whether the client came by TLS, which only a trusted proxy can say: we speak none ourselves.
   */
  isSecure({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
    const schemes = [headers['x-forwarded-proto'] ?? ''].flat().join(',').split(',');
    const peer = plainAddress(socket.remoteAddress ?? '');
    // The last entry is the peer's own word; what precedes it may be the client's.
    return this.#trusted.includes(peer) && schemes.at(-1)?.trim().toLowerCase() === 'https';
  }
}

/** Otherwise each connection of a client would count as another address, and none would be on the list of a key. */
function withoutPort(text: string): string {
  const [, bracketed, address] = WITH_PORT.exec(text) ?? [];
  return bracketed ?? address ?? text;
}

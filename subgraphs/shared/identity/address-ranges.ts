import { BlockList, isIP } from 'node:net';

const PREFIX = /^\d{1,3}$/;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** A set of IP addresses, written as single ones and as blocks: `203.0.113.7`, `2001:db8::/32`. */
export class AddressRanges {
  readonly #list = new BlockList();

  private constructor() {}

  /** @returns null when one of the texts is neither an address nor a block */
  static parse(texts: readonly string[]): AddressRanges | null {
    const ranges = new AddressRanges();
    return texts.every((text) => ranges.#add(text)) ? ranges : null;
  }

  /** Whether an address is in the set; what is no address is not. */
  includes(address: string): boolean {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.#list.check(plain, `ipv${family as 4 | 6}`);
  }

  #add(text: string): boolean {
    const [address = '', prefix, ...more] = text.split('/');
    const version = isIP(address);
    if (version === 0 || more.length > 0) return false;
    const family = `ipv${version as 4 | 6}` as const;
    if (prefix === undefined) this.#list.addAddress(address, family);
    else {
      const bits = PREFIX.test(prefix) ? parseInt(prefix, 10) : -1;
      if (bits < 0 || bits > (version === 4 ? 32 : 128)) return false;
      this.#list.addSubnet(address, bits, family);
    }
    return true;
  }
}

/** The same address as people write it: an IPv4 one that came in over IPv6 without its prefix. */
export function plainAddress(address: string): string {
  return MAPPED.exec(address)?.[1] ?? address;
}

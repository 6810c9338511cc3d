import { BlockList, isIP } from 'node:net';

const PREFIX = /^\d{1,3}$/;
/** An IPv4 address within an IPv6 one, with decimal parts or as two groups. */
const MAPPED = /^[0:]+:ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i;
const ALL_BITS = { ipv4: 32, ipv6: 128 } as const;
/** The widest block that still restricts anything. */
const WIDEST = { ipv4: 8, ipv6: 16 } as const;

interface Block {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  /** How many leading bits are fixed. */
  readonly bits: number;
  readonly list: BlockList;
}

/** A set of IP addresses and blocks: `203.0.113.7`, `2001:db8::/32`. */
export class AddressRanges {
  readonly #blocks: readonly Block[];

  private constructor(blocks: readonly Block[]) {
    this.#blocks = blocks;
  }

  /** @returns null if one of the texts is neither an address nor a block */
  static parse(texts: readonly string[]): AddressRanges | null {
    const blocks = texts.map(parseBlock).filter((block) => block !== null);
    return blocks.length === texts.length ? new AddressRanges(blocks) : null;
  }

  /** Whether an address is in the set; what is not an address is not. */
  includes(address: string): boolean {
    return !address.includes('/') && this.covers(address);
  }

  /** Whether an entire address or block is within one entry of the set. */
  covers(text: string): boolean {
    const inner = parseBlock(text);
    if (inner === null) return false;
    const { address, family, bits } = inner;
    return this.#blocks.some(
      (outer) => outer.family === family && outer.bits <= bits && outer.list.check(address, family),
    );
  }
}

/** Whether a block is narrow enough to restrict anything: from /8 on, for IPv6 from /16 on. */
export function isNarrow(text: string): boolean {
  const block = parseBlock(text);
  return block !== null && block.bits >= WIDEST[block.family];
}

/** An address in its usual form: an IPv4 one that arrived over IPv6 loses its prefix, however it is written. */
export function plainAddress(address: string): string {
  const parts = MAPPED.exec(address);
  if (parts === null || isIP(address) !== 6) return address;
  const [, decimal, high = '', low = ''] = parts;
  const bytes = [high, low].map((group) => parseInt(group, 16)).flatMap((n) => [n >> 8, n & 255]);
  return decimal ?? bytes.join('.');
}

/**
 * The network that an address is counted as. The user of one IPv6 address has the other 2^64 of its
 * network as well, so they count as one.
 * @returns an IPv4 address unchanged, `2001:db8:0:7::/64` for IPv6
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail = ''] = address.split('::', 2).map((part) => part.split('%', 1)[0]);
  const [left, right] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const network = [...left, ...(address.includes('::') ? zeros : []), ...right].slice(0, 4);
  return `${network.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** Sixteen bits each; an IPv4 address at the end counts as two. */
function groupsOf(part: string): readonly string[] {
  return part
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}

function parseBlock(text: string): Block | null {
  const [given = '', prefix, ...more] = text.split('/');
  // As addresses are shown by what listens on IPv6: what is compared with it is in the usual form.
  const address = plainAddress(given);
  const version = isIP(address);
  if (version === 0 || more.length > 0) return null;
  // Whether its prefix counts 32 bits or 128 is anybody's guess.
  if (address !== given && prefix !== undefined) return null;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const bits =
    prefix === undefined ? ALL_BITS[family] : PREFIX.test(prefix) ? parseInt(prefix, 10) : -1;
  if (bits < 0 || bits > ALL_BITS[family]) return null;
  const list = new BlockList();
  list.addSubnet(address, bits, family);
  return { address, family, bits, list };
}

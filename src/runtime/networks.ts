import { BlockList, isIP } from 'node:net';
import { entryOf } from '../domain/base/entry-of.ts';

/** Well-known names for networks. */
const known: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/**
 * Whether a text is an address, a network like `10.0.0.0/8`, or one of the names `loopback`, `linklocal` and
 * `uniquelocal`.
 */
export function isNetwork(text: string): boolean {
  if (Object.hasOwn(known, text)) return true;
  const [address = '', bits, more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** A set of addresses and networks. An IPv4 address also matches in its IPv6 notation (`::ffff:10.0.0.1`). */
export class Networks {
  readonly #list = new BlockList();

  /** Accepts entries for which {@link isNetwork} is true, and throws for others. */
  constructor(entries: Iterable<string>) {
    for (const entry of entries) for (const one of entryOf(known, entry) ?? [entry]) this.#add(one);
  }

  /** Whether the set contains an address; false for invalid addresses. */
  has(address: string): boolean {
    const [plain = ''] = address.split('%', 1);
    const family = isIP(plain);
    return family !== 0 && this.#list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  }

  #add(entry: string): void {
    if (!isNetwork(entry)) throw new Error(`expected an address or a network like 10.0.0.0/8, got "${entry}"`);
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) this.#list.addAddress(address, family);
    else this.#list.addSubnet(address, Number(bits), family);
  }
}

const loopback = new Networks(['loopback']);

/** Whether an address is a loopback address. */
export function isLoopback(address: string): boolean {
  return loopback.has(address);
}

/**
 * The key that rate limits count a client by: its IPv4 address, or its IPv6 /64, which usually belongs to one
 * customer.
 */
export function clientKey(address: string): string {
  const [plain = ''] = address.split('%', 1);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined || isIP(plain) !== 6) return mapped ?? plain;
  // The URL parser converts any notation to the canonical form.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const all = [
    ...groups,
    ...Array<string>(missing).fill('0'),
    ...(tail === undefined || tail === '' ? [] : tail.split(':')),
  ];
  return `${all.slice(0, 4).join(':')}::/64`;
}

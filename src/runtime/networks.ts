import { BlockList, isIP } from 'node:net';
import { entryOf } from '../domain/base/entry-of.ts';

/** Names for networks that everybody means the same by. */
const known: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Whether it is an address, a network like `10.0.0.0/8`, or one of the names `loopback`, `linklocal`, `uniquelocal`. */
export function isNetwork(text: string): boolean {
  if (Object.hasOwn(known, text)) return true;
  const [address = '', bits, more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** A set of addresses and networks. An IPv4 address is itself in its IPv6 notation, too (`::ffff:10.0.0.1`). */
export class Networks {
  readonly #list = new BlockList();

  /** Entries as {@link isNetwork} knows them; throws for any other. */
  constructor(entries: Iterable<string>) {
    for (const entry of entries) for (const one of entryOf(known, entry) ?? [entry]) this.#add(one);
  }

  /** Whether the address is one of them; false for what is no address. */
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

/** Whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  return loopback.has(address);
}

/** What limits count a client by: an IPv4 address, or the /64 that one IPv6 customer has whole. */
export function clientKey(address: string): string {
  const [plain = ''] = address.split('%', 1);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined || isIP(plain) !== 6) return mapped ?? plain;
  // The URL parser writes any notation in the one canonical form.
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

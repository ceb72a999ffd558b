import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Networks } from './networks.ts';

/**
 * Addresses outside the public internet (IANA's special-purpose registries), and metadata services at public-looking
 * addresses.
 */
const special4 = new Networks([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Virtual host of Azure.
  '168.63.129.16',
]);
const public6 = new Networks(['2000::/3']);
/**
 * Special ranges within them: protocol assignments including Teredo, documentation, and 6to4, which can lead to any
 * IPv4 address.
 */
const special6 = new Networks(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);
/** Networks whose last 32 bits are an IPv4 address: mapped addresses, and NAT64. */
const embedding = ['::ffff:0:0/96', '64:ff9b::/96'].map((network) => new Networks([network]));

/** Whether an address belongs to the public internet and not to this machine. */
export function isPublicAddress(address: string): boolean {
  const [plain = ''] = address.split('%', 1);
  const family = isIP(plain);
  if (family === 0 || isOwn(plain)) return false;
  if (family === 4) return !special4.has(plain);
  const inner = embedded(plain);
  if (inner !== null) return isPublicAddress(inner);
  return public6.has(plain) && !special6.has(plain);
}

/** Refuses a connection to an address that somebody else supplied. */
export class ForbiddenAddressError extends Error {
  constructor(host: string) {
    super(`expected an address of the public internet, got ${host}`);
    this.name = 'ForbiddenAddressError';
  }
}

/** Throws if the host of a URL is an address that is not allowed. Names are checked by {@link guardedLookup}. */
export function checkHost(hostname: string, isAllowed: (address: string) => boolean): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowed(host)) throw new ForbiddenAddressError(host);
}

/**
 * A lookup for sockets that returns only allowed addresses. So the checked address is the one connected to, even if
 * the name's record changes meanwhile.
 */
export function guardedLookup(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '');
      const allowed = found.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (first === undefined) return callback(new ForbiddenAddressError(hostname), '');
      if (options.all) return callback(null, allowed);
      callback(null, first.address, first.family);
    });
  };
}

/** The IPv4 address inside an IPv6 address, or null. */
function embedded(address: string): string | null {
  if (!embedding.some((network) => network.has(address))) return null;
  // The URL parser produces the canonical form, with the last two groups in hexadecimal.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':');
  const [high = 0, low = 0] = groups.slice(-2).map((group) => Number.parseInt(group || '0', 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function isOwn(address: string): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some((own) => own.address === address));
}

import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import { isNetwork, Networks } from '../../../runtime/networks.ts';

/** Resolves a host name to its addresses. Rejects if there are none. */
export type LookUp = (name: string) => Promise<readonly string[]>;

/** Milliseconds for which a look-up is reused. */
const cacheTime = 5000;
const systemLookUp: LookUp = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

/** The peers that may use a FastAGI server: addresses, networks, `loopback`, and host names, whose addresses may change. */
export class AllowedPeers {
  readonly #fixed: Networks;
  readonly #names: readonly string[];
  readonly #ownMachine: boolean;
  readonly #lookUp: LookUp;
  readonly #found = new Map<string, Networks>();
  #lookedUpAt = Number.NEGATIVE_INFINITY;
  #lookingUp: Promise<void> | null = null;

  constructor(entries: readonly string[], lookUp: LookUp = systemLookUp) {
    this.#fixed = new Networks(entries.filter(isNetwork));
    this.#names = entries.filter((entry) => !isNetwork(entry));
    this.#ownMachine = entries.includes('loopback');
    this.#lookUp = lookUp;
  }

  /** Whether a peer is allowed. For an unknown address, host names are looked up again first. */
  async admits({ remoteAddress = '', localAddress }: Pick<Socket, 'remoteAddress' | 'localAddress'>): Promise<boolean> {
    const known = () =>
      this.#fixed.has(remoteAddress) || [...this.#found.values()].some((one) => one.has(remoteAddress));
    if (known() || (this.#ownMachine && remoteAddress === localAddress)) return true;
    if (this.#names.length === 0 || performance.now() - this.#lookedUpAt < cacheTime) return false;
    this.#lookingUp ??= this.refresh().finally(() => {
      this.#lookingUp = null;
    });
    await this.#lookingUp;
    return known();
  }

  /** Looks up all names. If a look-up fails, the previous addresses stay valid, as the name server may be down. */
  async refresh(): Promise<void> {
    await Promise.all(
      this.#names.map(async (name) => {
        const addresses = await this.#lookUp(name).catch(() => null);
        if (addresses !== null) this.#found.set(name, new Networks(addresses));
      }),
    );
    this.#lookedUpAt = performance.now();
  }
}

import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import { isNetwork, Networks } from '../../../runtime/networks.ts';

/** Finds the addresses of a host name; rejects where there are none. */
export type LookUp = (name: string) => Promise<readonly string[]>;

/** Milliseconds in which a name is not looked up again. */
const fresh = 5000;
const everybodysLookUp: LookUp = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

/** Who may ask a FastAGI server: addresses, networks, `loopback`, and host names, whose addresses may change. */
export class AllowedPeers {
  readonly #fixed: Networks;
  readonly #names: readonly string[];
  readonly #ownMachine: boolean;
  readonly #lookUp: LookUp;
  readonly #found = new Map<string, Networks>();
  #lookedUpAt = Number.NEGATIVE_INFINITY;
  #lookingUp: Promise<void> | null = null;

  constructor(entries: readonly string[], lookUp: LookUp = everybodysLookUp) {
    this.#fixed = new Networks(entries.filter(isNetwork));
    this.#names = entries.filter((entry) => !isNetwork(entry));
    this.#ownMachine = entries.includes('loopback');
    this.#lookUp = lookUp;
  }

  /** Whether this peer may ask. A stranger's first bytes wait while names are looked up again. */
  async admits({ remoteAddress = '', localAddress }: Pick<Socket, 'remoteAddress' | 'localAddress'>): Promise<boolean> {
    const known = () =>
      this.#fixed.has(remoteAddress) || [...this.#found.values()].some((one) => one.has(remoteAddress));
    if (known() || (this.#ownMachine && remoteAddress === localAddress)) return true;
    if (this.#names.length === 0 || performance.now() - this.#lookedUpAt < fresh) return false;
    this.#lookingUp ??= this.refresh().finally(() => {
      this.#lookingUp = null;
    });
    await this.#lookingUp;
    return known();
  }

  /** Looks every name up. One that is not found keeps the addresses it had: a name server may be away for a while. */
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

/** Tells of refused peers once per address and hour, and of no more addresses than a log can bear. */
export class DeniedLog {
  readonly #toldAt = new Map<string, number>();
  readonly #tell: (address: string) => void;

  constructor(tell: (address: string) => void) {
    this.#tell = tell;
  }

  note(address: string): void {
    const now = performance.now();
    const before = this.#toldAt.get(address);
    if (before !== undefined && now - before < hour) return;
    if (this.#toldAt.size >= mostTold)
      for (const [one, at] of this.#toldAt) if (now - at >= hour) this.#toldAt.delete(one);
    if (this.#toldAt.size >= mostTold) return;
    this.#toldAt.set(address, now);
    this.#tell(address);
  }
}

const hour = 3_600_000;
const mostTold = 1000;

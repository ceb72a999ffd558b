import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const mine = /^pb(\d+)-\d+$/;

/** One cable into a namespace: the addresses outside and inside. */
export interface Link {
  readonly outside: string;
  readonly inside: string;
}

/**
 * A network namespace with two cables: `data` to database and Redis, `office` to everything else. Its processes see nothing else of
 * the machine's network. When unplugged, `data` drops every packet in both directions without rejecting any.
 */
export class Namespace {
  readonly data: Link;
  readonly office: Link;
  readonly #name: string;

  private constructor(name: string, data: Link, office: Link) {
    this.#name = name;
    this.data = data;
    this.office = office;
  }

  /** Creates a namespace, or returns why the machine does not allow it. */
  static make(index: number): Namespace | string {
    try {
      forgetDead();
      const name = `pb${process.pid}-${index}`;
      ip('netns', 'add', name);
      ip('-n', name, 'link', 'set', 'lo', 'up');
      const plug = (kind: 'data' | 'office', place: number): Link => {
        const cable = `pb${process.pid}${kind[0]}${index}`;
        const [outside, inside] = addresses(index * 2 + place);
        ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', kind, 'netns', name);
        ip('addr', 'add', `${outside}/30`, 'dev', cable);
        ip('-n', name, 'addr', 'add', `${inside}/30`, 'dev', kind);
        ip('link', 'set', cable, 'up');
        ip('-n', name, 'link', 'set', kind, 'up');
        return { outside, inside };
      };
      return new Namespace(name, plug('data', 0), plug('office', 1));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Command prefix to run inside. */
  get inside(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#name];
  }

  unplug(): void {
    this.#set('down');
  }

  plug(): void {
    this.#set('up');
  }

  /** Removes it with its cables. */
  close(): void {
    ip('netns', 'del', this.#name);
  }

  #set(state: 'up' | 'down'): void {
    ip('link', 'set', this.#name.replace('-', 'd'), state);
  }
}

/** Each process has its own range in 10.64.0.0/10, four addresses per cable. */
function addresses(cable: number): readonly [string, string] {
  const first = ((process.pid % 65_536) * 8 + cable) * 4;
  const address = (host: number) => {
    const n = first + host;
    return `10.${64 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
  };
  return [address(1), address(2)];
}

/** Removes what killed tests left behind. */
function forgetDead(): void {
  for (const line of ip('netns', 'list').split('\n')) {
    const [name = ''] = line.split(' ');
    const pid = mine.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) ip('netns', 'del', name);
  }
}

function ip(...args: readonly string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

import { sleep } from '../../../src/runtime/sleep.ts';
import type { Gateway } from '../crash/gateway.ts';
import { keptInteractions } from '../crash/kept.ts';
import type { Wire } from '../instances/wire.ts';
import { markOf } from './corpus.ts';
import type { Dovecot } from './dovecot.ts';

/** What a storm acts on. */
export interface StormParts {
  readonly dovecot: Dovecot;
  readonly gateway: Gateway;
  /** The network between gateway and Dovecot. */
  readonly wire: Wire;
  /** The gateway's database. */
  readonly database: string;
  readonly users: readonly string[];
  readonly random: () => number;
}

/** Number of letters that are moved, copied or deleted at a time. */
const handful = 25;

/** Faults of mailboxes, servers, networks and programs, one after another at random moments. */
export class MailStorm {
  readonly #parts: StormParts;
  readonly #faults: readonly (() => Promise<void>)[];
  /** Faults so far, and the letters copied, deleted and moved by them. */
  faults = 0;
  copied = 0;
  deleted = 0;
  moved = 0;

  constructor(parts: StormParts) {
    this.#parts = parts;
    this.#faults = [
      () => this.#kill(),
      () => this.#move(),
      () => this.#restart(),
      () => this.#copy(),
      () => this.#cut(),
      () => this.#kill(),
      () => this.#delete(),
      () => this.#renumber(),
    ];
  }

  /** Injects the next fault. */
  async injectFault(): Promise<void> {
    await sleep(this.#parts.random() * 1500);
    await this.#faults[this.faults % this.#faults.length]?.();
    this.faults += 1;
  }

  async #kill(): Promise<void> {
    await this.#parts.gateway.kill();
    this.#parts.gateway.start();
  }

  async #restart(): Promise<void> {
    await this.#parts.dovecot.stop();
    await sleep(this.#parts.random() * 1000);
    await this.#parts.dovecot.start();
  }

  async #cut(): Promise<void> {
    this.#parts.wire.cut();
    await sleep(this.#parts.random() * 1000);
    this.#parts.wire.mend();
  }

  async #renumber(): Promise<void> {
    await this.#parts.dovecot.renumber(this.#user());
  }

  /** Into a folder that is also read, like server-side rules; stored letters as well as unread ones. */
  async #move(): Promise<void> {
    this.moved += await this.#handful(
      'INBOX',
      async (client, range) => void (await client.messageMove(range, 'Archive', uid)),
    );
  }

  async #copy(): Promise<void> {
    this.copied += await this.#handful(
      'INBOX',
      async (client, range) => void (await client.messageCopy(range, 'INBOX', uid)),
    );
  }

  /** Only stored letters: one deleted before it could be read is rightly never stored. */
  async #delete(): Promise<void> {
    for (let deleted = 0; deleted === 0; await sleep(100)) {
      const held = new Set((await keptInteractions(this.#parts.database)).map(markOf));
      deleted = await this.#handful(
        'INBOX',
        async (client, range) => void (await client.messageDelete(range, uid)),
        (from) => held.has(from),
      );
      this.deleted += deleted;
    }
  }

  #user(): string {
    const { users, random } = this.#parts;
    return users[Math.floor(random() * users.length)] ?? '';
  }

  async #handful(
    folder: string,
    work: (client: Awaited<ReturnType<Dovecot['client']>>, range: string) => Promise<void>,
    fits: (from: string) => boolean = () => true,
  ): Promise<number> {
    const client = await this.#parts.dovecot.client(this.#user());
    try {
      await client.mailboxOpen(folder);
      const all = (await client.search({ all: true }, uid)) || [];
      const from = Math.floor(this.#parts.random() * Math.max(1, all.length - handful));
      const chosen: number[] = [];
      for await (const { uid: one, envelope } of client.fetch(all.slice(from, from + handful), { envelope: true }, uid))
        if (fits(envelope?.from?.[0]?.address ?? '')) chosen.push(one);
      if (chosen.length > 0) await work(client, chosen.join(','));
      return chosen.length;
    } finally {
      await client.logout();
    }
  }
}

const uid = { uid: true } as const;

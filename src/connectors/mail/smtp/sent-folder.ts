import type { ImapFlow } from 'imapflow';
import { sleep } from '../../../runtime/sleep.ts';
import { ourHeader } from '../contact.ts';
import type { MailCredentials } from '../imap/credentials.ts';
import { findFolder, openSession } from '../imap/session.ts';
import type { MailConfig } from '../schema.ts';

/** A letter as it is looked for: a server may have given it another Message-ID, but leaves our own header alone. */
export interface Wanted {
  readonly id: string;
  readonly messageId: string;
}

/** Where a mailbox's own letters lie: each act has a connection of its own, which is closed when it ends. Rejects when the server can't be asked. */
export class SentFolder {
  readonly #config: MailConfig;
  readonly #credentials: MailCredentials;

  constructor(config: MailConfig, credentials: MailCredentials) {
    this.#config = config;
    this.#credentials = credentials;
  }

  /** Whether a letter lies in the Sent folder, or in the one that has them all. */
  async has(wanted: Wanted): Promise<boolean> {
    return this.#with(async (client) => {
      const sent = await findFolder(client, this.#wish);
      const all = (await client.list()).find((folder) => folder.specialUse === '\\All')?.path;
      for (const path of all === undefined ? [sent] : [sent, all]) if (await found(client, path, wanted)) return true;
      return false;
    });
  }

  /** Puts a letter into the Sent folder unless it lies there already. */
  async keep(wanted: Wanted, letter: () => Promise<Buffer>): Promise<void> {
    await this.#with(async (client) => {
      const sent = await findFolder(client, this.#wish);
      if (await found(client, sent, wanted)) return;
      if ((await client.append(sent, await letter(), ['\\Seen'])) === false)
        throw new Error('the mail server did not take the copy for the Sent folder');
    });
  }

  get #wish() {
    return { name: 'sent', role: 'sent', path: this.#config.sent ?? null } as const;
  }

  async #with<Result>(act: (client: ImapFlow) => Promise<Result>): Promise<Result> {
    const client = await openSession(this.#config, this.#credentials);
    try {
      return await act(client);
    } finally {
      await Promise.race([client.logout().catch(() => undefined), sleep(1000)]);
      client.close();
    }
  }
}

async function found(client: ImapFlow, path: string, { id, messageId }: Wanted): Promise<boolean> {
  await client.mailboxOpen(path, { readOnly: true });
  for (const header of [{ 'message-id': `<${messageId}>` }, { [ourHeader]: id }]) {
    const uids = await client.search({ header }, { uid: true });
    if (uids === false || uids === undefined) throw new Error('the mail server refused to search the Sent folder');
    if (uids.length > 0) return true;
  }
  return false;
}

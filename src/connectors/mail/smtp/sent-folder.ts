import type { ImapFlow } from 'imapflow';
import { sleep } from '../../../runtime/sleep.ts';
import { ourHeader } from '../contact.ts';
import type { MailCredentials } from '../imap/credentials.ts';
import { findFolder, openSession } from '../imap/session.ts';
import type { MailConfig } from '../schema.ts';

/** Identifies a sent letter. A server may change its Message-ID, but keeps our own header, which contains `id`. */
export interface SentLetter {
  readonly id: string;
  readonly messageId: string;
}

/** A mailbox's Sent folder. Each operation opens its own connection and closes it. Rejects if the server cannot be reached. */
export class SentFolder {
  readonly #config: MailConfig;
  readonly #credentials: MailCredentials;

  constructor(config: MailConfig, credentials: MailCredentials) {
    this.#config = config;
    this.#credentials = credentials;
  }

  /** Whether a letter is in the Sent folder, or in the folder of all letters. */
  async has(wanted: SentLetter): Promise<boolean> {
    return this.#with(async (client) => {
      const sent = await findFolder(client, this.#folder);
      const all = (await client.list()).find((folder) => folder.specialUse === '\\All')?.path;
      for (const path of all === undefined ? [sent] : [sent, all]) if (await found(client, path, wanted)) return true;
      return false;
    });
  }

  /** Stores a letter in the Sent folder unless it is already there. */
  async keep(wanted: SentLetter, letter: () => Promise<Buffer>): Promise<void> {
    await this.#with(async (client) => {
      const sent = await findFolder(client, this.#folder);
      if (await found(client, sent, wanted)) return;
      if ((await client.append(sent, await letter(), ['\\Seen'])) === false)
        throw new Error('the mail server did not accept the copy for the Sent folder');
    });
  }

  get #folder() {
    return { name: 'sent', role: 'sent', path: this.#config.sent ?? null } as const;
  }

  async #with<Result>(operation: (client: ImapFlow) => Promise<Result>): Promise<Result> {
    const client = await openSession(this.#config, this.#credentials);
    try {
      return await operation(client);
    } finally {
      await Promise.race([client.logout().catch(() => undefined), sleep(1000)]);
      client.close();
    }
  }
}

async function found(client: ImapFlow, path: string, { id, messageId }: SentLetter): Promise<boolean> {
  await client.mailboxOpen(path, { readOnly: true });
  for (const header of [{ 'message-id': `<${messageId}>` }, { [ourHeader]: id }]) {
    const uids = await client.search({ header }, { uid: true });
    if (uids === false || uids === undefined) throw new Error('the mail server refused to search the Sent folder');
    if (uids.length > 0) return true;
  }
  return false;
}

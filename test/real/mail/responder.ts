import type { ImapFlow } from 'imapflow';
import { parseLetter } from '../../../src/connectors/mail/parse/letter.ts';
import type { SendingOffice } from './sending-office.ts';

/**
 * A scripted responder that violates RFC 3834: it answers every letter to its mailbox, even automatic ones, without marking its
 * answers as automatic.
 */
export class BadResponder {
  readonly #office: SendingOffice;
  readonly #user: string;
  #client: ImapFlow | null = null;
  #turn: Promise<void> = Promise.resolve();
  #seen = 0;
  answered = 0;

  constructor(office: SendingOffice, user: string) {
    this.#office = office;
    this.#user = user;
  }

  async start(): Promise<void> {
    const client = await this.#office.dovecot.client(this.#user);
    this.#client = client;
    await client.mailboxOpen('INBOX');
    client.on('exists', () => this.#answer());
    this.#answer();
  }

  async stop(): Promise<void> {
    await this.#turn;
    this.#client?.close();
  }

  #answer(): void {
    this.#turn = this.#turn.then(() => this.#answerNew(this.#client as ImapFlow));
  }

  async #answerNew(client: ImapFlow): Promise<void> {
    const uids = ((await client.search({ uid: `${this.#seen + 1}:*` }, { uid: true })) || []).filter(
      (uid) => uid > this.#seen,
    );
    for (const uid of uids) {
      this.#seen = uid;
      const message = await client.fetchOne(String(uid), { source: true }, { uid: true });
      if (message === false) continue;
      const { letter } = await parseLetter(message.source ?? new Uint8Array());
      await this.#office.send({
        from: `${this.#user}@client.example`,
        to: letter.from?.address ?? '',
        subject: `Re: ${letter.subject?.replace(/^Re: /, '')}`,
        text: 'Thank you for your letter!',
        inReplyTo: `<${letter.messageId}>`,
      });
      this.answered += 1;
    }
    void client.idle().catch(() => undefined);
  }
}

import type { Reason } from '../../../domain/base/reason.ts';
import type { Outbound, SendOutcome } from '../../../domain/outbound/outbound.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { backoffDelay } from '../../../runtime/backoff.ts';
import { sleep } from '../../../runtime/sleep.ts';
import type { ConnectorContext, Sender } from '../../contract.ts';
import { ourMessageId } from '../contact.ts';
import { type Credentials, MailCredentials } from '../imap/credentials.ts';
import { troubleOf } from '../imap/trouble.ts';
import { sharedName } from '../parse/identity.ts';
import type { MailConfig } from '../schema.ts';
import { BadAddressError, type ComposedLetter, compose, senderOf, signatureFor } from './compose.ts';
import { readFormatting } from './formatting.ts';
import { PendingCopies } from './pending-copies.ts';
import { SentFolder } from './sent-folder.ts';
import { type SmtpServer, smtpServerOf } from './server.ts';
import { handOver, SmtpError } from './session.ts';
import { isRefusedLogin, outcomeOf } from './trouble.ts';

/** Milliseconds that a send waits until its copy is stored in Sent. */
const copyTimeout = 15_000;
/** Milliseconds for which an unreachable mailbox is retried when a send is confirmed after a crash. */
const confirmTimeout = 10 * 60_000;
const confirmBackoff = { min: 1000, max: 30_000 };

/** What the sender shares with the reader of its mailbox. */
export interface SenderParts {
  /** The credentials for reading the mailbox. */
  readonly reading: MailCredentials;
  /** Called with the reason when letters cannot be sent, and with null once one was sent. */
  readonly onTrouble: (reason: Reason | null) => void;
}

/** Sends a mailbox's letters by SMTP and stores copies in its Sent folder. */
export class MailSender implements Sender {
  readonly #config: MailConfig;
  readonly #context: ConnectorContext;
  readonly #server: SmtpServer | null;
  readonly #credentials: MailCredentials;
  readonly #sent: SentFolder;
  readonly #pendingCopies: PendingCopies;
  readonly #onTrouble: (reason: Reason | null) => void;

  constructor(config: MailConfig, context: ConnectorContext, { reading, onTrouble }: SenderParts) {
    this.#config = config;
    this.#context = context;
    this.#onTrouble = onTrouble;
    this.#server = smtpServerOf(config);
    this.#credentials = sendingLogin(config, reading);
    this.#sent = new SentFolder(config, reading);
    this.#pendingCopies = new PendingCopies(context, this.#sent);
  }

  start(): void {
    if (this.#server !== null) this.#pendingCopies.start();
  }

  stop(): Promise<void> {
    return this.#pendingCopies.stop();
  }

  async send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const server = this.#server;
    if (server === null) return { kind: 'failed', reason: reason('mailboxOnlyRead') };
    const gone = await this.#missingFile(outbound);
    if (gone !== null) return { kind: 'failed', reason: reason('fileGone', { name: gone }) };
    let letter: ComposedLetter;
    try {
      letter = await this.#compose(outbound);
    } catch (error) {
      if (!(error instanceof BadAddressError)) throw error;
      const { message: address } = error;
      return { kind: 'failed', reason: address === '' ? reason('noAddress') : reason('badAddress', { address }) };
    }
    const outcome = await this.#handOver(outbound, letter, server, signal);
    if (outcome.kind === 'sent' && !server.keepsCopy) await this.#keepCopy(outbound, letter);
    return outcome;
  }

  async confirm(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { staff, clock } = this.#context;
    const from = senderOf(outbound.content.line, this.#config, staff());
    const wanted = { id: outbound.id, messageId: ourMessageId(outbound.id, from) };
    const until = clock.now() + confirmTimeout;
    for (let attempt = 0; ; attempt += 1) {
      try {
        if (!(await this.#sent.has(wanted))) return { kind: 'uncertain', reason: reason('sentCopyMissing') };
        return sentOutcome(await this.#compose(outbound));
      } catch (error) {
        if (signal.aborted || clock.now() >= until)
          return { kind: 'uncertain', reason: reason('mailboxUnasked', { reason: troubleOf(error) }) };
        await sleep(backoffDelay(attempt, confirmBackoff), signal);
      }
    }
  }

  /** Sends a letter, and says whether the server accepted it. */
  async #handOver(
    outbound: Outbound,
    letter: ComposedLetter,
    server: SmtpServer,
    signal: AbortSignal,
    first = true,
  ): Promise<SendOutcome> {
    let credentials: Credentials | null = null;
    try {
      if (server.login) credentials = await this.#credentials.get();
    } catch (error) {
      return this.#later({ kind: 'retry', reason: reason('tokenMissing', { reason: troubleOf(error) }), after: null });
    }
    try {
      const refused = await handOver(letter, server, credentials, signal);
      this.#onTrouble(null);
      return sentOutcome(letter, refused);
    } catch (error) {
      if (!(error instanceof SmtpError)) throw error;
      const renewed = isRefusedLogin(error) && credentials !== null && this.#credentials.forget(credentials);
      if (renewed && first) return this.#handOver(outbound, letter, server, signal, false);
      const { from, to } = letter;
      const byToken = credentials?.accessToken !== undefined;
      const outcome = outcomeOf(error, { from, to, user: credentials?.user ?? from, byToken });
      this.#context.log.warn(
        { outbound: outbound.id, code: error.code, command: error.command, reached: error.reached },
        'the mail server did not accept a letter',
      );
      if (outcome.kind !== 'uncertain') return this.#later(outcome);
      // If the server stores copies itself, a copy proves that it accepted the letter.
      const wanted = { id: outbound.id, messageId: letter.messageId };
      const kept = await this.#sent.has(wanted).catch(() => false);
      return kept ? sentOutcome(letter) : outcome;
    }
  }

  /** Reports temporary problems, which concern all letters, as the state of the connection. */
  #later(outcome: SendOutcome): SendOutcome {
    if (outcome.kind === 'retry') this.#onTrouble(outcome.reason);
    return outcome;
  }

  /** Stores the copy in Sent. If that fails, it is queued, because the letter itself was sent. */
  async #keepCopy(outbound: Outbound, letter: ComposedLetter): Promise<void> {
    const wanted = { id: outbound.id, messageId: letter.messageId };
    const patience = new AbortController();
    try {
      const kept = this.#sent.keep(wanted, () => letter.build());
      const late = sleep(copyTimeout, patience.signal).then(() =>
        Promise.reject(new Error('storing the copy took too long')),
      );
      late.catch(() => undefined);
      kept.catch(() => undefined);
      await Promise.race([kept, late]);
    } catch {
      await this.#pendingCopies
        .add(wanted, await letter.build())
        .catch((err) =>
          this.#context.log.error({ err, outbound: outbound.id }, 'cannot queue the copy of a sent letter'),
        );
    } finally {
      patience.abort();
    }
  }

  async #compose(outbound: Outbound): Promise<ComposedLetter> {
    const { blobs, clock } = this.#context;
    const config = this.#config;
    const staff = this.#context.staff();
    const logo = signatureFor(outbound.content, config, staff)?.logo ?? null;
    const formatting = await readFormatting(outbound.content, logo, this.#context);
    return compose(outbound, { config, staff, blobs, now: clock.now(), formatting });
  }

  async #missingFile({ content }: Outbound): Promise<string | null> {
    const { formatted } = content;
    if (formatted !== undefined && (await this.#context.blobs.size(formatted.blob)) === null) return 'letter.html';
    for (const { blob, name } of content.attachments) if ((await this.#context.blobs.size(blob)) === null) return name;
    return null;
  }
}

/** The credentials for outgoing letters: those for reading the mailbox, unless others are configured. */
export function sendingLogin({ smtp, address, user = address, password }: MailConfig, reading: MailCredentials) {
  if (smtp === false || (smtp.user === undefined && smtp.password === undefined)) return reading;
  const own = smtp.password ?? password;
  return new MailCredentials({ address, user: smtp.user ?? user, ...(own !== undefined && { password: own }) });
}

/** `refused`: recipients to whom the server does not deliver. The letter is on its way to the others, so it must not be sent again. */
function sentOutcome(
  { messageId, references, subject, to }: ComposedLetter,
  refused: readonly string[] = [],
): SendOutcome {
  const handle = { messageId, references: [...references, messageId].join(' '), subject, to };
  const problem = refused.length === 0 ? {} : { problem: reason('copiesRefused', { addresses: refused.join(', ') }) };
  return { kind: 'sent', keys: [sharedName(messageId)], handle, state: 'sent', ...problem };
}

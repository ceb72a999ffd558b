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
import { BadAddressError, type ComposedLetter, compose, senderOf } from './compose.ts';
import { OwedCopies } from './owed-copies.ts';
import { SentFolder } from './sent-folder.ts';
import { type SmtpServer, smtpServerOf } from './server.ts';
import { handOver, SmtpError } from './session.ts';
import { isRefusedLogin, outcomeOf } from './trouble.ts';

/** Milliseconds that a sending waits for its copy in Sent, and that an unreachable mailbox is retried after a crash. */
const copyPatience = 15_000;
const questionPatience = 10 * 60_000;
const betweenQuestions = { min: 1000, max: 30_000 };

/** What a sender shares with the reading of its mailbox. */
export interface SenderParts {
  /** The login that the mailbox is read by. */
  readonly reading: MailCredentials;
  /** Gets the reason why letters cannot leave at present, and null once one did. */
  readonly onTrouble: (reason: Reason | null) => void;
}

/** Sends a mailbox's letters by SMTP and keeps their copies in its Sent folder. */
export class MailSender implements Sender {
  readonly #config: MailConfig;
  readonly #context: ConnectorContext;
  readonly #server: SmtpServer | null;
  readonly #credentials: MailCredentials;
  readonly #sent: SentFolder;
  readonly #owed: OwedCopies;
  readonly #onTrouble: (reason: Reason | null) => void;

  constructor(config: MailConfig, context: ConnectorContext, { reading, onTrouble }: SenderParts) {
    this.#config = config;
    this.#context = context;
    this.#onTrouble = onTrouble;
    this.#server = smtpServerOf(config);
    this.#credentials = sendingLogin(config, reading);
    this.#sent = new SentFolder(config, reading);
    this.#owed = new OwedCopies(context, this.#sent);
  }

  start(): void {
    if (this.#server !== null) this.#owed.start();
  }

  stop(): Promise<void> {
    return this.#owed.stop();
  }

  async send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { staff, blobs, clock } = this.#context;
    const server = this.#server;
    if (server === null) return { kind: 'failed', reason: reason('mailboxOnlyRead') };
    const gone = await this.#missingFile(outbound);
    if (gone !== null) return { kind: 'failed', reason: reason('fileGone', { name: gone }) };
    let letter: ComposedLetter;
    try {
      letter = compose(outbound, { config: this.#config, staff: staff(), blobs, now: clock.now() });
    } catch (error) {
      if (!(error instanceof BadAddressError)) throw error;
      const { message: address } = error;
      return { kind: 'failed', reason: address === '' ? reason('noAddress') : reason('badAddress', { address }) };
    }
    const outcome = await this.#handOver(outbound, letter, server, signal);
    if (outcome !== null) return outcome;
    if (!server.keepsCopy) await this.#keepCopy(outbound, letter);
    return sentOutcome(letter);
  }

  async confirm(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { staff, blobs, clock } = this.#context;
    const from = senderOf(outbound.content.line, this.#config, staff());
    const wanted = { id: outbound.id, messageId: ourMessageId(outbound.id, from) };
    const until = clock.now() + questionPatience;
    for (let attempt = 0; ; attempt += 1) {
      try {
        if (!(await this.#sent.has(wanted))) return { kind: 'uncertain', reason: reason('sentCopyMissing') };
        return sentOutcome(compose(outbound, { config: this.#config, staff: staff(), blobs, now: clock.now() }));
      } catch (error) {
        if (signal.aborted || clock.now() >= until)
          return { kind: 'uncertain', reason: reason('mailboxUnasked', { reason: troubleOf(error) }) };
        await sleep(backoffDelay(attempt, betweenQuestions), signal);
      }
    }
  }

  /** Null once the server has taken it. */
  async #handOver(
    outbound: Outbound,
    letter: ComposedLetter,
    server: SmtpServer,
    signal: AbortSignal,
    first = true,
  ): Promise<SendOutcome | null> {
    let credentials: Credentials | null = null;
    try {
      if (server.login) credentials = await this.#credentials.get();
    } catch (error) {
      return this.#later({ kind: 'retry', reason: reason('tokenMissing', { reason: troubleOf(error) }), after: null });
    }
    try {
      await handOver(letter, server, credentials, signal);
      this.#onTrouble(null);
      return null;
    } catch (error) {
      if (!(error instanceof SmtpError)) throw error;
      const renewed = isRefusedLogin(error) && credentials !== null && this.#credentials.forget(credentials);
      if (renewed && first) return this.#handOver(outbound, letter, server, signal, false);
      const { from, to } = letter;
      const byToken = credentials?.accessToken !== undefined;
      const outcome = outcomeOf(error, { from, to, user: credentials?.user ?? from, byToken });
      this.#context.log.warn(
        { outbound: outbound.id, code: error.code, command: error.command, reached: error.reached },
        'the mail server did not take a letter',
      );
      if (outcome.kind !== 'uncertain') return this.#later(outcome);
      // A server that keeps copies by itself shows by its copy that it took the letter.
      const wanted = { id: outbound.id, messageId: letter.messageId };
      const kept = await this.#sent.has(wanted).catch(() => false);
      return kept ? null : outcome;
    }
  }

  /** Trouble that concerns every letter is reported as a state of the connection. */
  #later(outcome: SendOutcome): SendOutcome {
    if (outcome.kind === 'retry') this.#onTrouble(outcome.reason);
    return outcome;
  }

  /** The letter has gone, whatever becomes of its copy. A copy that cannot be kept now is owed. */
  async #keepCopy(outbound: Outbound, letter: ComposedLetter): Promise<void> {
    const wanted = { id: outbound.id, messageId: letter.messageId };
    const patience = new AbortController();
    try {
      const kept = this.#sent.keep(wanted, () => letter.build());
      const late = sleep(copyPatience, patience.signal).then(() => Promise.reject(new Error('it took too long')));
      late.catch(() => undefined);
      kept.catch(() => undefined);
      await Promise.race([kept, late]);
    } catch {
      await this.#owed
        .add(wanted, await letter.build())
        .catch((err) => this.#context.log.error({ err, outbound: outbound.id }, 'a sent letter has no copy in Sent'));
    } finally {
      patience.abort();
    }
  }

  async #missingFile({ content }: Outbound): Promise<string | null> {
    for (const { blob, name } of content.attachments) if ((await this.#context.blobs.size(blob)) === null) return name;
    return null;
  }
}

/** The login for outgoing letters: the one that the mailbox is read by, unless another is configured. */
export function sendingLogin({ smtp, address, user = address, password }: MailConfig, reading: MailCredentials) {
  if (smtp === false || (smtp.user === undefined && smtp.password === undefined)) return reading;
  const own = smtp.password ?? password;
  return new MailCredentials({ address, user: smtp.user ?? user, ...(own !== undefined && { password: own }) });
}

function sentOutcome({ messageId, references, subject, to }: ComposedLetter): SendOutcome {
  const handle = { messageId, references: [...references, messageId].join(' '), subject, to };
  return { kind: 'sent', keys: [sharedName(messageId)], handle, state: 'sent' };
}

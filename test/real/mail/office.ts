import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { reconcileMailbox } from '../../../src/connectors/mail/imap/reconcile.ts';
import { Mailbox } from '../../../src/connectors/mail/mailbox.ts';
import type { MailConfig } from '../../../src/connectors/mail/schema.ts';
import type { Staff } from '../../../src/domain/directory/manager.ts';
import type { ContactEvent } from '../../../src/domain/interaction/contact-event.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import type { Store } from '../../../src/domain/ports/store.ts';
import { Intake } from '../../../src/intake/intake.ts';
import { openStore } from '../../../src/intake/open-store.ts';
import { TextReader } from '../../../src/intake/text-reader.ts';
import { inProcessJobs } from '../../../src/runtime/jobs/job.ts';
import { silentLogger } from '../../../src/runtime/log.ts';
import { FileBlobs } from '../../../src/store/blobs/file-blobs.ts';
import { manager } from '../../support/calls.ts';
import { connectorContext, type RecordingContext } from '../../support/connector-context.ts';
import { storeUrl } from '../../support/test-store.ts';

/** Anna, whose own mailbox is `anna@our.example`, and the line `sales`. */
export const staff: Staff = { managers: [manager('a', '101', { email: 'anna@our.example' })], lines: [] };

/** The real store and intake with the mailboxes of a test. */
export class MailOffice {
  readonly directory = mkdtempSync(join(tmpdir(), 'patchbay-mail-'));
  readonly #mailboxes: Mailbox[] = [];
  readonly #contexts = new Map<string, RecordingContext>();
  store!: Store;
  intake!: Intake;
  blobs!: FileBlobs;
  /** Awaited before each event is stored. */
  before: (event: ContactEvent) => Promise<void> = async () => undefined;

  async open(): Promise<void> {
    this.store = await openStore({
      url: storeUrl(join(this.directory, 'office.db')),
      country: 'RU',
      publicUrl: 'http://127.0.0.1',
    });
    this.intake = new Intake(this.store, silentLogger, new TextReader(inProcessJobs, 'RU'));
    this.blobs = new FileBlobs(join(this.directory, 'blobs'));
    await this.store.apply([{ op: 'staff', staff, at: Date.now() }]);
  }

  /** The context of a connection's connector. */
  context(connection: string): RecordingContext {
    const known = this.#contexts.get(connection);
    if (known !== undefined) return known;
    const context = connectorContext(connection, {
      staff: () => staff,
      blobs: this.blobs,
      emit: async (event) => {
        await this.before(event);
        await this.intake.emit(event);
      },
      cursor: {
        get: (name) => this.store.read.cursor(connection, name),
        set: async (name, value) => void (await this.store.apply([{ op: 'cursor', connection, name, value }])),
      },
    });
    this.#contexts.set(connection, context);
    return context;
  }

  /** Starts a mailbox. */
  async watch(connection: string, config: MailConfig): Promise<Mailbox> {
    const mailbox = new Mailbox(config, this.context(connection));
    this.#mailboxes.push(mailbox);
    await mailbox.start();
    return mailbox;
  }

  /** Compares a mailbox with the store. */
  reconcile(connection: string, config: MailConfig, take: boolean) {
    const { signal } = new AbortController();
    return reconcileMailbox({
      config,
      context: this.context(connection),
      known: (keys) => this.store.read.knownKeys(keys),
      take,
      since: null,
      signal,
      onProgress: () => undefined,
    });
  }

  /** Every interaction, oldest first. */
  async all(): Promise<readonly Interaction[]> {
    const found: Interaction[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: { items: readonly Interaction[]; next: string | null } = await this.store.read.interactions({
        limit: 200,
        cursor,
      });
      found.push(...page.items);
      if (page.next === null) return found.reverse();
      cursor = page.next;
    }
  }

  /** Waits until exactly these subjects are stored, each once. */
  async holds(subjects: readonly string[], timeout = 20_000): Promise<readonly Interaction[]> {
    const wanted = [...subjects].sort();
    return vi.waitFor(
      async () => {
        const all = await this.all();
        const found = all.map(({ subject }) => subject ?? '').sort();
        if (JSON.stringify(found) !== JSON.stringify(wanted))
          throw new Error(`expected ${wanted.length} letters, found ${found.length}: ${missing(wanted, found)}`);
        return all;
      },
      { timeout, interval: 50 },
    );
  }

  async close(): Promise<void> {
    for (const mailbox of this.#mailboxes) await mailbox.stop();
    await this.store.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function missing(wanted: readonly string[], found: readonly string[]): string {
  const lost = wanted.filter((one) => !found.includes(one));
  const doubled = found.filter((one, i) => found.indexOf(one) !== i || !wanted.includes(one));
  return `lost ${lost.slice(0, 5).join(', ') || 'none'}, too many ${doubled.slice(0, 5).join(', ') || 'none'}`;
}

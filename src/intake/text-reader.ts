import type { ContactEvent } from '../domain/interaction/contact-event.ts';
import type { Write } from '../domain/ports/writes.ts';
import { maxTextLength } from '../domain/written/body-text.ts';
import { identifiersIn, mayIdentify } from '../domain/written/suggestions.ts';
import type { FoundIdentifier, WrittenContact } from '../domain/written/written-contact.ts';
import type { Job, Jobs } from '../runtime/jobs/job.ts';

/** Finds the telephone numbers and e-mail addresses in a text. */
export const findIdentifiers: Job<{ readonly text: string; readonly country: string }, readonly FoundIdentifier[]> = {
  name: 'identifiers',
  run: ({ text, country }) => identifiersIn(text, country),
};

/** Characters of a subject that are passed on; the store keeps fewer. */
const maxSubjectLength = 2000;

type ContactWrite = Extract<Write, { op: 'contact' }>;

/**
 * Searches texts before they reach the store, so that the writing thread only stores. Contacts without text pass at
 * once. Contacts of a connection keep their order, except forms.
 */
export class TextReader {
  readonly #jobs: Jobs;
  readonly #country: string;
  /** The last unfinished search of each connection. */
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(jobs: Jobs, country: string) {
    this.#jobs = jobs;
    this.#country = country;
  }

  /** Returns the prepared writes: synchronously if there is nothing to search or wait for. Never rejects. */
  prepare(writes: readonly Write[]): readonly Write[] | Promise<readonly Write[]> {
    // Most writes are calls, which have no text.
    if (this.#last.size === 0 && !writes.some(isWritten)) return writes;
    const readings = writes.map((write) => (isContact(write) ? this.#read(write) : write));
    const ordered = new Set(writes.flatMap((write) => (isContact(write) ? (orderOf(write.event) ?? []) : [])));
    const before = [...ordered].flatMap((connection) => this.#last.get(connection) ?? []);
    if (before.length === 0 && readings.every(isWrite)) return readings;
    const done = Promise.all([Promise.all(readings), ...before]).then(([read]) => read);
    for (const connection of ordered) this.#last.set(connection, done);
    void done.then(() => {
      for (const connection of ordered) if (this.#last.get(connection) === done) this.#last.delete(connection);
    });
    return done;
  }

  #read(write: ContactWrite): Write | Promise<Write> {
    if (write.event.kind !== 'written') return write;
    const event = bounded(write.event);
    if (event.text === null || !mayIdentify(event)) return event === write.event ? write : { ...write, event };
    return this.#found(event.text).then((found) => ({ ...write, event: { ...event, found } }));
  }

  /** A text that could not be searched in time has no suggestions. The pool counts such failures. */
  async #found(text: string): Promise<readonly FoundIdentifier[]> {
    try {
      return await this.#jobs.run(findIdentifiers, { text, country: this.#country });
    } catch {
      return [];
    }
  }
}

/** Cuts a contact to a little more than the store keeps, so that later steps need not process more. */
function bounded(contact: WrittenContact): WrittenContact {
  const { text, subject } = contact;
  const long = (text?.length ?? 0) > 2 * maxTextLength || (subject?.length ?? 0) > maxSubjectLength;
  if (!long) return contact;
  return {
    ...contact,
    text: text?.slice(0, 2 * maxTextLength) ?? null,
    subject: subject?.slice(0, maxSubjectLength) ?? null,
  };
}

/**
 * The queue that an event must stay in order with: its connection. Forms are independent, and no visitor should wait
 * for another one's text.
 */
function orderOf(event: ContactEvent): string | null {
  return event.kind === 'written' && event.channel === 'form' ? null : event.connection;
}

function isContact(write: Write): write is ContactWrite {
  return write.op === 'contact';
}

function isWritten(write: Write): boolean {
  return isContact(write) && write.event.kind === 'written';
}

function isWrite(write: Write | Promise<Write>): write is Write {
  return !(write instanceof Promise);
}

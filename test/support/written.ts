import { eventKey } from '../../src/domain/base/ids.ts';
import type { Reason } from '../../src/domain/base/reason.ts';
import type { BlobId } from '../../src/domain/ports/blobs.ts';
import type { WrittenContact, WrittenReport } from '../../src/domain/written/written-contact.ts';

const day = 86_400_000;

/** When the letters in tests are written: yesterday at nine, since old contacts make no leads and tasks. */
export const writtenAt = (Math.floor(Date.now() / day) - 1) * day + 9 * 3_600_000;

/** Some seconds after {@link writtenAt}, as interactions show it. */
export function writtenTime(seconds: number): string {
  return new Date(writtenAt + seconds * 1000).toISOString();
}

/** A received letter; `id` is its Message-ID. */
export function letter(id: string, more: Partial<WrittenContact> = {}): WrittenContact {
  return {
    kind: 'written',
    channel: 'email',
    key: eventKey('mail', id),
    aliases: [],
    connection: 'mail',
    direction: 'inbound',
    state: 'received',
    party: { phone: null, email: 'Ivan@Example.com', account: null, name: 'Ivan' },
    line: 'sales@our.example',
    manager: null,
    from: null,
    at: writtenAt,
    subject: 'Pumps',
    text: 'How much?',
    attachments: [],
    thread: `thread of ${id}`,
    answers: [],
    attribution: null,
    automatic: null,
    handle: { messageId: id },
    ...more,
  };
}

/** Our own letter that answers `to`. */
export function answerTo(to: string, id: string, more: Partial<WrittenContact> = {}): WrittenContact {
  return letter(id, {
    direction: 'outbound',
    state: 'sent',
    answers: [eventKey('mail', to)],
    at: writtenAt + 60_000,
    ...more,
  });
}

/** A delivery report for a letter. */
export function report(id: string, more: Partial<WrittenReport> = {}): WrittenReport {
  return {
    kind: 'report',
    key: eventKey('mail', id),
    connection: 'mail',
    state: 'delivered',
    problem: null,
    at: writtenAt,
    ...more,
  };
}

/** A reason made up by a test. Its English text is its code. */
export function because(code: string): Reason {
  return { code, values: {} };
}

/** A file attached to a letter. */
export const attachment = { blob: 'ab'.repeat(32) as BlobId, name: 'price.pdf', mime: 'application/pdf', bytes: 7 };

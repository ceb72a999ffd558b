import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventKey } from '../../src/domain/base/ids.ts';
import type { OutboundContent } from '../../src/domain/outbound/outbound.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write, WriteResult } from '../../src/domain/ports/writes.ts';
import { letter, writtenAt } from '../support/written.ts';

const day = 86_400_000;
const ivan = { email: 'ivan@example.com', phone: null, account: null, name: null };
const bot = { ...ivan, email: null, account: { kind: 'telegram', connection: 'bot', id: '42', username: null } };

/** How every store must limit automatic messages per address; run for each implementation. */
export function describeAutomaticCap(name: string, open: () => Promise<Store>): void {
  describe(`${name}: the limit of automatic messages`, () => {
    let store: Store;
    let last = 0;

    beforeEach(async () => {
      store = await open();
    });

    afterEach(() => store.close());

    const writeByHand = () => write(writtenAt, {}, `${last++}`, 'human');

    async function write(
      at: number,
      more: Partial<OutboundContent> = {},
      key = `${last++}`,
      by = 'program',
    ): Promise<string> {
      const write: Write = {
        ...{ op: 'send', key: eventKey('api', key), channel: 'email', answers: null, connection: 'mail' },
        content: {
          ...{ manager: 'a', to: ivan, subject: 'We got it', text: 'x', attachments: [], line: null },
          ...(by === 'program' && { automatic: true }),
          ...more,
        },
        ...{ by: { id: 'a', name: 'A' }, expiresAt: at + day, at },
      };
      const [result] = await store.apply([write]);
      return (result as WriteResult).ok ? 'stored' : (result as Extract<WriteResult, { ok: false }>).code;
    }

    it('is three letters a day per address, across all processes', async () => {
      for (let i = 0; i < 3; i++) expect(await write(writtenAt + i)).toBe('stored');
      expect(await write(writtenAt + day - 1)).toBe('too_many');
      expect(await write(writtenAt, { to: { ...ivan, email: 'IVAN@example.com' } })).toBe('too_many');
      expect(await write(writtenAt, { to: { ...ivan, email: 'olga@example.com' } })).toBe('stored');
      expect(await write(writtenAt + day)).toBe('stored');
      expect(await write(writtenAt + day)).toBe('too_many');
    });

    it('counts a repeated request once', async () => {
      for (let i = 0; i < 5; i++) expect(await write(writtenAt, {}, 'same')).toBe('stored');
      for (let i = 0; i < 2; i++) expect(await write(writtenAt)).toBe('stored');
      expect(await write(writtenAt)).toBe('too_many');
      expect(await write(writtenAt, {}, 'same')).toBe('stored');
    });

    it('does not restrict humans, and does not count their letters or those of other programs', async () => {
      for (let i = 0; i < 4; i++) expect(await writeByHand()).toBe('stored');
      for (const id of ['1', '2', '3'])
        await store.apply([
          { op: 'contact', event: letter(id, { direction: 'outbound', state: 'sent', automatic: 'auto_reply' }) },
        ]);
      for (let i = 0; i < 3; i++) expect(await write(writtenAt)).toBe('stored');
      expect(await write(writtenAt)).toBe('too_many');
      expect(await writeByHand()).toBe('stored');
    });

    it.each([
      ['a messenger account', bot],
      ['a telephone', { ...ivan, email: null, phone: '+79160000009' }],
    ])('also applies to %s', async (_, to) => {
      for (let i = 0; i < 3; i++) expect(await write(writtenAt, { to })).toBe('stored');
      expect(await write(writtenAt, { to })).toBe('too_many');
    });
  });
}

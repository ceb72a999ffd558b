import type { ImapFlow, ListResponse } from 'imapflow';
import { describe, expect, it } from 'vitest';
import { findFolder, folderWishes } from '../../../src/connectors/mail/imap/session.ts';
import { MailSetupError } from '../../../src/connectors/mail/imap/trouble.ts';
import type { MailConfig } from '../../../src/connectors/mail/schema.ts';
import { mailSettings } from './support.ts';

/** A server's folders as ImapFlow lists them; the server reports their use, or it follows from a well-known name. */
function server(...folders: readonly { path: string; specialUse?: string; flags?: readonly string[] }[]): ImapFlow {
  const list = folders.map(({ path, specialUse, flags = [] }) => ({ path, specialUse, flags: new Set(flags) }));
  return { list: async () => list as unknown as ListResponse[] } as ImapFlow;
}

const paths = (client: ImapFlow, config: MailConfig) =>
  Promise.all(folderWishes(config).map((wish) => findFolder(client, wish)));

describe('the folders to read', () => {
  const usual = [
    { path: 'INBOX', specialUse: '\\Inbox' },
    { path: 'Отправленные', specialUse: '\\Sent' },
    { path: 'Спам', specialUse: '\\Junk' },
    { path: 'Private' },
    { path: 'Клиенты/Заказы' },
  ];

  it('are INBOX and Sent by default', async () => {
    expect(await paths(server(...usual), mailSettings())).toEqual(['INBOX', 'Отправленные']);
  });

  it('include configured folders, and the spam folder if enabled', async () => {
    const config = mailSettings({ folders: ['Клиенты/Заказы'], spam: true });
    expect(await paths(server(...usual), config)).toEqual(['INBOX', 'Отправленные', 'Клиенты/Заказы', 'Спам']);
  });

  it('include the configured Sent folder instead of the one that the server reports', async () => {
    expect(await paths(server(...usual, { path: 'Sent 2' }), mailSettings({ sent: 'Sent 2' }))).toEqual([
      'INBOX',
      'Sent 2',
    ]);
  });

  it('produce an error with the existing names if missing, and exclude folders that cannot be opened', async () => {
    const client = server({ path: 'INBOX' }, { path: 'Sent', specialUse: '\\Sent', flags: ['\\Noselect'] });
    await expect(paths(client, mailSettings())).rejects.toThrow(MailSetupError);
    await expect(paths(client, mailSettings())).rejects.toThrow(
      'found no sent folder; set its name, one of: INBOX, Sent',
    );
    await expect(paths(client, mailSettings({ sent: 'Gone' }))).rejects.toThrow('there is no folder Gone');
  });
});

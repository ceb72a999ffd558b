import type { ImapFlow, ListResponse } from 'imapflow';
import { describe, expect, it } from 'vitest';
import { findFolder, folderWishes } from '../../../src/connectors/mail/imap/session.ts';
import { MailSetupError } from '../../../src/connectors/mail/imap/trouble.ts';
import type { MailConfig } from '../../../src/connectors/mail/schema.ts';
import { mailSettings } from './support.ts';

/** A server's folders, as ImapFlow lists them: what each is for comes from the server or from a name it knows. */
function server(...folders: readonly { path: string; specialUse?: string; flags?: readonly string[] }[]): ImapFlow {
  const list = folders.map(({ path, specialUse, flags = [] }) => ({ path, specialUse, flags: new Set(flags) }));
  return { list: async () => list as unknown as ListResponse[] } as ImapFlow;
}

const paths = (client: ImapFlow, config: MailConfig) =>
  Promise.all(folderWishes(config).map((wish) => findFolder(client, wish)));

describe('which folders of a mailbox are read', () => {
  const usual = [
    { path: 'INBOX', specialUse: '\\Inbox' },
    { path: 'Отправленные', specialUse: '\\Sent' },
    { path: 'Спам', specialUse: '\\Junk' },
    { path: 'Private' },
    { path: 'Клиенты/Заказы' },
  ];

  it('reads INBOX and Sent, and nothing else that is there', async () => {
    expect(await paths(server(...usual), mailSettings())).toEqual(['INBOX', 'Отправленные']);
  });

  it('reads what is named besides, and the spam folder where that is wanted', async () => {
    const config = mailSettings({ folders: ['Клиенты/Заказы'], spam: true });
    expect(await paths(server(...usual), config)).toEqual(['INBOX', 'Отправленные', 'Клиенты/Заказы', 'Спам']);
  });

  it('takes the Sent folder that is set before the one that says so', async () => {
    expect(await paths(server(...usual, { path: 'Sent 2' }), mailSettings({ sent: 'Sent 2' }))).toEqual([
      'INBOX',
      'Sent 2',
    ]);
  });

  it('tells the names there are where it finds none, and passes by what can not be opened', async () => {
    const client = server({ path: 'INBOX' }, { path: 'Sent', specialUse: '\\Sent', flags: ['\\Noselect'] });
    await expect(paths(client, mailSettings())).rejects.toThrow(MailSetupError);
    await expect(paths(client, mailSettings())).rejects.toThrow(
      'found no sent folder; set its name, one of: INBOX, Sent',
    );
    await expect(paths(client, mailSettings({ sent: 'Gone' }))).rejects.toThrow('there is no folder Gone');
  });
});

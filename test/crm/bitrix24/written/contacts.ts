import type { WrittenContact } from '../../../../src/domain/written/written-contact.ts';
import { letter } from '../../../support/written.ts';

/** A web form of somebody with a campaign. */
export function form(id: string, more: Partial<WrittenContact> = {}): WrittenContact {
  return letter(id, {
    channel: 'form',
    party: { phone: '+79161234567', email: 'petr@example.com', account: null, name: 'Petr' },
    line: 'site',
    subject: null,
    text: 'Call me about pumps',
    attribution: {
      source: 'yandex',
      medium: 'cpc',
      campaign: 'spring',
      content: null,
      term: 'pumps',
      page: 'https://our.example/pumps',
      referrer: null,
      ids: {},
    },
    ...more,
  });
}

const account = { kind: 'telegram', connection: 'bot', id: '77', username: 'ivan' };

/** A message from a messenger. */
export function message(id: string, more: Partial<WrittenContact> = {}): WrittenContact {
  return letter(id, {
    channel: 'message',
    party: { phone: null, email: null, account, name: 'Ivan' },
    line: 'bot',
    subject: null,
    text: 'Hello',
    thread: 'telegram:77',
    ...more,
  });
}

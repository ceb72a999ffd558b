import { describe, expect, it } from 'vitest';
import { Bureau } from './bureau.ts';
import { message } from './contacts.ts';

async function withIvan(settings: object = {}) {
  const bureau = await Bureau.open(settings);
  const contact = bureau.card('CONTACT', { NAME: 'Ivan' });
  await bureau.know(`contact-${contact}`, [{ kind: 'account', value: 'telegram:77' }], { kind: 'person' });
  return { bureau, contact };
}

describe("a client's message", () => {
  it('is a comment by a webhook, which may not make activities of applications', async () => {
    const { bureau, contact } = await withIvan();
    await bureau.take(message('1', { text: 'Call [b]me[/b]' }));
    expect(bureau.said('CONTACT', contact)).toEqual([
      '[B]Message from Ivan[/B]\n\nCall [\u200bb]me[\u200b/b]\n\nLine: Line bot',
    ]);
    expect(bureau.all()).toEqual([]);
    expect(bureau.portal.state.complaints).toEqual([]);
  });

  it('stands on the open deal as well', async () => {
    const { bureau, contact } = await withIvan();
    const deal = bureau.card('DEAL', { TITLE: 'Pumps', CONTACT_ID: String(contact), CLOSED: 'N' });
    await bureau.take(message('1'));
    expect([bureau.said('CONTACT', contact), bureau.said('DEAL', deal)]).toEqual([
      [expect.anything()],
      [expect.anything()],
    ]);
    expect(bureau.portal.state.comments.size).toBe(1);
  });

  it('is an activity of the provider that is set', async () => {
    const { bureau, contact } = await withIvan({ written: { provider: 'CRM_REQUEST' } });
    await bureau.take(message('1'));
    expect(bureau.on('CONTACT', contact)).toEqual([
      { subject: 'Message from Ivan', direction: '1', completed: 'N', user: '1' },
    ]);
  });

  it.each([[{}], [{ written: { provider: 'CRM_REQUEST' } }]])('follows its edit, with %j', async (settings) => {
    const { bureau, contact } = await withIvan(settings);
    await bureau.take(message('1'));
    await bureau.take(message('1', { text: 'Hello again' }));
    const shown = bureau.portal.card('CONTACT', contact);
    const texts = [
      ...(shown?.comments ?? []).map(({ text }) => text),
      ...(shown?.activities ?? []).map(({ fields }) => String(fields.DESCRIPTION)),
    ];
    expect(texts).toEqual([expect.stringContaining('Hello again')]);
  });

  it('says how far our own came', async () => {
    const { bureau, contact } = await withIvan();
    const sent = message('1', { direction: 'outbound', state: 'sent', manager: 'anna' });
    await bureau.take(sent);
    await bureau.take({ ...sent, state: 'read' });
    expect(bureau.said('CONTACT', contact)).toEqual([expect.stringContaining('Read.')]);
  });

  it('brings files that were found later', async () => {
    const { bureau, contact } = await withIvan();
    await bureau.take(message('1'));
    await bureau.take(message('1', { attachments: [await bureau.file('a.txt', 'a')] }));
    expect(bureau.portal.card('CONTACT', contact)?.comments.map(({ files }) => files.map(({ name }) => name))).toEqual([
      ['a.txt'],
    ]);
  });

  it('is not recorded with messages: none', async () => {
    const { bureau } = await withIvan({ messages: 'none' });
    await bureau.take(message('1'));
    expect(bureau.portal.state.comments.size).toBe(0);
  });
});

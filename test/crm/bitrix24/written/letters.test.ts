import { describe, expect, it } from 'vitest';
import { answerTo, attachment, letter, writtenTime } from '../../../support/written.ts';
import { Bureau } from './bureau.ts';

const ivan = [{ kind: 'email', value: 'ivan@example.com' }] as const;

async function withIvan(settings: object = {}) {
  const bureau = await Bureau.open(settings);
  const company = bureau.card('COMPANY', { TITLE: 'Romashka' });
  const contact = bureau.card('CONTACT', {
    NAME: 'Ivan',
    COMPANY_ID: String(company),
    EMAIL: [{ VALUE: 'ivan@example.com' }],
  });
  const person = { id: `contact-${contact}`, name: 'Ivan', identifiers: ivan };
  await bureau.know(`company-${company}`, [], { contacts: [person] });
  return { bureau, company, contact };
}

describe('a letter of a known client', () => {
  it('stands on the contact, the company and the newest open deal, once', async () => {
    const { bureau, company, contact } = await withIvan();
    bureau.card('DEAL', { TITLE: 'Old', CONTACT_ID: String(contact), CLOSED: 'N' });
    const deal = bureau.card('DEAL', { TITLE: 'New', CONTACT_ID: String(contact), CLOSED: 'N' });
    bureau.card('DEAL', { TITLE: 'Closed', CONTACT_ID: String(contact), CLOSED: 'Y' });
    await bureau.take(letter('1'));
    const on = [`company-${company}`, `contact-${contact}`, `deal-${deal}`];
    expect(bureau.all()).toEqual([{ subject: 'Pumps', direction: '1', completed: 'N', user: '1', on }]);
    const [activity] = [...bureau.portal.state.activities.values()];
    expect(activity?.fields).toMatchObject({
      TYPE_ID: '4',
      DESCRIPTION: expect.stringContaining('How much?'),
      ORIGINATOR_ID: 'PATCHBAY',
      START_TIME: writtenTime(0).replace('.000Z', '+00:00'),
      COMMUNICATIONS: [{ TYPE: 'EMAIL', VALUE: 'ivan@example.com', ENTITY_TYPE_ID: '3', ENTITY_ID: String(contact) }],
    });
    const [interaction] = await bureau.contacts();
    expect(interaction?.links.b24).toEqual({
      id: '1',
      url: `${bureau.portal.root}/crm/deal/details/${deal}/`,
      client: `contact-${contact}`,
      deal: `deal-${deal}`,
    });
    expect(bureau.count('crm.activity.add')).toBe(1);
    expect(bureau.portal.state.complaints).toEqual([]);
  });

  it('is completed by our answer, which is recorded as completed and never sent by the portal', async () => {
    const { bureau } = await withIvan();
    await bureau.take(letter('1'));
    await bureau.take(answerTo('1', '2', { from: 'anna@our.example', manager: 'boris', subject: 'Re: Pumps' }));
    expect(bureau.all()).toMatchObject([
      { subject: 'Pumps', completed: 'Y', user: '1' },
      { subject: 'Re: Pumps', direction: '2', completed: 'Y', user: '2' },
    ]);
    expect(bureau.portal.state.sentLetters).toEqual([]);
    expect(bureau.portal.state.complaints).toEqual([]);
  });

  it('stays on all its cards when it changes, also on those that a user of the portal has added', async () => {
    const { bureau, company, contact } = await withIvan();
    const other = bureau.card('CONTACT', { NAME: 'Other' });
    await bureau.take(letter('1'));
    bureau.portal.state.activities.get(1)?.bindings.push({ kind: 'CONTACT', id: other });
    await bureau.take(answerTo('1', '2', { from: 'anna@our.example', manager: 'boris', subject: 'Re: Pumps' }));
    const on = [`company-${company}`, `contact-${contact}`];
    expect(bureau.all()).toMatchObject([
      { completed: 'Y', on: [...on, `contact-${other}`].toSorted() },
      { completed: 'Y', on },
    ]);
  });

  it('shows its text as it is, whatever it contains', async () => {
    const { bureau } = await withIvan();
    await bureau.take(letter('1', { text: '<script>alert(1)</script>\n$result[add] [url=http://x]y[/url]' }));
    const [activity] = [...bureau.portal.state.activities.values()];
    expect(activity?.fields.DESCRIPTION).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt;<br>$result[add] [url=http://x]y[/url]',
    );
  });

  it('brings its small files, and links to the large ones', async () => {
    const { bureau } = await withIvan({ written: { files: 1 } });
    const [small, large] = [
      await bureau.file('../a/price.txt', 'cheap'),
      await bureau.file('film.mp4', Buffer.alloc(1_500_000)),
    ];
    await bureau.take(letter('1', { attachments: [small, large, attachment] }));
    expect([...bureau.portal.state.files.values()].map(({ name, bytes }) => [name, String(bytes)])).toEqual([
      ['.._a_price.txt', 'cheap'],
    ]);
    const [activity] = [...bureau.portal.state.activities.values()];
    expect(activity?.fields.DESCRIPTION).toContain('File: film.mp4 https://patchbay.example/');
  });

  it('has a bounded text', async () => {
    const { bureau } = await withIvan({ written: { text: 500 } });
    await bureau.take(letter('1', { text: 'x'.repeat(90_000) }));
    const [activity] = [...bureau.portal.state.activities.values()];
    const text = String(activity?.fields.DESCRIPTION);
    expect(text).toContain('The text was shortened.');
    expect(text.length).toBeLessThan(1000);
  });

  it('is not recorded while it waits to be sent, nor if it never left', async () => {
    const { bureau } = await withIvan();
    const queued = letter('1', { direction: 'outbound', state: 'queued' });
    await bureau.take(queued);
    await bureau.take({ ...queued, state: 'failed' });
    expect(bureau.all()).toEqual([]);
  });

  it('is not put back after somebody deleted it in the portal', async () => {
    const { bureau } = await withIvan();
    await bureau.take(letter('1'));
    bureau.portal.state.activities.clear();
    await bureau.take(answerTo('1', '2'));
    expect(bureau.all()).toMatchObject([{ direction: '2' }]);
    expect((await bureau.owed()).map(({ state }) => state)).not.toContain('parked');
  });
});

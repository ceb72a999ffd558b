import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Lead, Task } from '../../src/domain/follow-up/follow-up.ts';
import { raw } from '../connectors/mail/support.ts';
import { launch, Pages } from './browser/pages.ts';
import { BadResponder } from './mail/responder.ts';
import { password, SendingOffice } from './mail/sending-office.ts';

/** The built gateway sends letters through a real Exim into mailboxes of a real Dovecot, during all kinds of faults. */
describe('outgoing letters through a real Exim', () => {
  const office = new SendingOffice();

  beforeAll(() => office.open());
  afterAll(() => office.close());

  it('arrive once, are in Sent once and on the card once, and the answer joins the thread', async () => {
    const file = { name: 'цены.txt', mime: 'text/plain', content: Buffer.from('десять\n').toString('base64') };
    const letter = { to: 'ivan@client.example', subject: 'Насосы', text: 'Есть десять.', attachments: [file] };
    const { id } = await office.write(letter);
    const [arrived] = await office.inFolder('ivan', 'Насосы');
    expect(arrived).toMatchObject({
      messageId: `patchbay.${id}@our.example`,
      from: { address: 'sales@our.example', name: 'Анна Иванова' },
      text: 'Есть десять.\n\n-- \nАнна, 101',
    });
    await office.inFolder('sales', 'Насосы', 1, 'Sent');
    await office.becomes(id, { state: 'sent', client: { id: 'c1', name: 'ООО «Ромашка»' }, problem: null } as never);

    await office.send({
      from: 'Ivan <ivan@client.example>',
      to: 'sales@our.example',
      subject: 'Re: Насосы',
      text: 'Беру.',
      inReplyTo: `<${arrived?.messageId}>`,
      references: `<${arrived?.messageId}>`,
    });
    const [sent, answer] = await office.letters('Насосы', 2);
    expect(answer).toMatchObject({ direction: 'inbound', causedBy: id, thread: sent?.thread });
    const own = await office.write({ interaction: answer?.id, text: 'Отправили.' });
    const replies = await office.inFolder('ivan', 'Re: Насосы');
    expect(replies[0]?.headers.get('in-reply-to')).toEqual([`<${await messageIdOf('sales', 'Re: Насосы')}>`]);
    expect(replies[0]?.headers.get('references')?.[0]).toContain(`<${arrived?.messageId}> <`);
    await office.becomes(own.id, { state: 'sent', thread: sent?.thread ?? null, subject: 'Re: Насосы' });
    await office.letters('Насосы', 3);
  });

  const messageIdOf = async (user: string, subject: string) => (await office.inFolder(user, subject))[0]?.messageId;

  it('wait while the server is down, and are sent once', async () => {
    expect((await office.doctor()).get('sales: sending')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/accepts the login$/),
    });
    await office.exim.stop();
    const found = await office.doctor();
    expect(found.get('sales: sending')).toMatchObject({ ok: false });
    expect(found.get('sales: inbox')).toMatchObject({ ok: true, detail: 'INBOX: all letters have been imported' });
    const { id } = await office.write({ to: 'ivan@client.example', subject: 'Waiting', text: 'x' });
    await office.becomes(id, { state: 'queued', problem: expect.stringContaining('cannot be reached') as never });
    await office.exim.start();
    await office.becomes(id, { state: 'sent', problem: null });
    await office.inFolder('ivan', 'Waiting');
  });

  it.each([
    ['nobody@client.example', 'Refused', 'there is no mailbox nobody@client.example'],
    ['full@client.example', 'Full', 'the mailbox full@client.example is full'],
    ['ivan@client.example', 'Casino', 'the mail server refuses the letter'],
  ])('to %s about %s tell why they were refused', async (to, subject, words) => {
    const { id } = await office.write({ to, subject, text: 'x' });
    await office.becomes(id, { state: 'failed', problem: expect.stringContaining(words) as never });
    await office.inFolder('sales', subject, 0, 'Sent');
  });

  it('cut off before the answer are looked up in Sent if the server stores copies', async () => {
    office.wire.mode = 'cut';
    const lost = office.wire.swallowed;
    const { id } = await office.write({
      to: 'ivan@client.example',
      connection: 'keeper',
      subject: 'Cut and kept',
      text: 'x',
    });
    await office.becomes(id, { state: 'sent', problem: null });
    office.wire.mode = 'pass';
    expect(office.wire.swallowed).toBe(lost + 1);
    await office.inFolder('ivan', 'Cut and kept');
    await office.letters('Cut and kept', 1);
  });

  it('cut off before the answer are left to a human if nothing shows whether they were sent', async () => {
    office.wire.mode = 'cut';
    const { id } = await office.write({ to: 'ivan@client.example', subject: 'Cut', text: 'x' });
    await office.becomes(id, {
      state: 'queued',
      problem: expect.stringContaining('check whether it arrived') as never,
    });
    office.wire.mode = 'pass';
    await office.inFolder('ivan', 'Cut');
  });

  it('are not sent twice if the gateway is killed after the server accepted them but before that was stored', async () => {
    office.wire.mode = 'hold';
    const held = office.wire.swallowed;
    const keeper = { to: 'ivan@client.example', connection: 'keeper', subject: 'Killed and kept', text: 'x' };
    const kept = await office.write(keeper);
    const unknown = await office.write({ to: 'ivan@client.example', subject: 'Killed', text: 'x' });
    await vi.waitFor(() => expect(office.wire.swallowed).toBe(held + 2), { timeout: 20_000 });
    await office.gateway.kill();
    office.wire.mode = 'pass';
    await office.start();
    await office.becomes(kept.id, { state: 'sent', problem: null });
    await office.becomes(unknown.id, {
      state: 'queued',
      problem: expect.stringContaining('the Sent folder has no copy') as never,
    });
    await office.inFolder('ivan', 'Killed and kept');
    await office.inFolder('ivan', 'Killed');
  });

  it('sent from a manager’s own mail program appear on the card within the watch interval', async () => {
    const own = raw(
      { from: 'sales@our.example', to: 'ivan@client.example', subject: 'Re: Own', 'message-id': '<own@our.example>' },
      'Sent by hand',
    );
    await office.send({ envelope: { from: 'sales@our.example', to: 'ivan@client.example' }, raw: Buffer.from(own) });
    const client = await office.dovecot.client('sales');
    const begun = Date.now();
    await client.append('Sent', Buffer.from(own), ['\\Seen']);
    await client.logout();
    const [found] = await office.letters('Own', 1);
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(found).toMatchObject({ direction: 'outbound', state: 'sent', client: { id: 'c1' } });
  });

  it('cause no loop: programs may not answer an automatic reply', async () => {
    await office.write({ to: 'robot@client.example', subject: 'Loop', text: 'We got it', automatic: true });
    const [, back] = await office.letters('Loop', 2);
    expect(back).toMatchObject({ direction: 'inbound', automatic: 'auto_reply', text: 'I am away' });
    await office.write({ interaction: back?.id, text: 'We got it', automatic: true }, 409);
    await office.letters('Loop', 2);
    const robot = (await office.list<Lead>('/leads')).filter(({ party }) => party.email === 'robot@client.example');
    expect(robot).toEqual([]);
  });

  it('end a loop with a responder that answers everything and does not mark its answers as automatic', async () => {
    const parrot = 'parrot@client.example';
    const responder = new BadResponder(office, 'parrot');
    await responder.start();
    await office.write({ to: parrot, subject: 'By hand', text: 'Good day' });
    await office.letters('By hand', 2);
    // A program of ours that answers everything: the gateway allows it three letters a day to one address.
    await office.write({ to: parrot, subject: 'Echo', text: 'We got it', automatic: true });
    const answered = new Set<string>();
    for (const status of [202, 202, 429]) {
      const letters = await office.letters('Echo', 2 * answered.size + 2);
      const [next] = letters.filter(({ id, direction }) => direction === 'inbound' && !answered.has(id));
      expect(next).toMatchObject({ automatic: null });
      answered.add(next?.id ?? '');
      await office.write({ interaction: next?.id, text: 'We got it', automatic: true }, status);
    }
    const ours = [...(await office.inFolder('parrot', 'Echo', 1)), ...(await office.inFolder('parrot', 'Re: Echo', 2))];
    expect(ours.map(({ headers }) => headers.get('auto-submitted'))).toEqual(ours.map(() => ['auto-replied']));
    // Each of our letters got one answer, and neither side has anything left to send.
    await responder.stop();
    expect(responder.answered).toBe(4);
    await office.letters('Echo', 6);
    await office.letters('By hand', 2);
    expect(await office.list('/connections')).toEqual(
      expect.arrayContaining([expect.objectContaining({ connection: 'sales', waiting: 0 })]),
    );
    const leads = (await office.list<Lead>('/leads')).filter(({ party }) => party.email === parrot);
    expect(leads).toMatchObject([{ contacts: 4 }]);
    // None of the letters counts as answered by a human.
    const tasks = (await office.list<Task>('/tasks?limit=200')).filter(({ party }) => party?.email === parrot);
    expect(tasks.map(({ state }) => state)).toEqual(['open', 'open', 'open', 'open']);
  });

  describe('at the desk', () => {
    let browser: Browser;
    let pages: Pages;

    beforeAll(async () => {
      browser = await launch();
      pages = new Pages(browser);
    });
    afterAll(() => browser.close());

    /** Anna's desk with the card of a letter that Ivan has just sent. */
    async function card(subject: string): Promise<Page> {
      const page = await pages.open();
      await page.goto(office.url);
      await page.getByLabel('Логин').fill('anna');
      await page.getByLabel('Пароль').fill(password);
      await page.getByRole('button', { name: 'Войти' }).click();
      await page.getByText('На связи').waitFor();
      await office.send({
        from: 'Ivan <ivan@client.example>',
        to: 'sales@our.example',
        subject,
        text: 'Сколько стоит?',
      });
      await page.locator('.letter.theirs', { hasText: subject }).first().waitFor();
      return page;
    }

    it('an answer with a subject and a file is sent; a rejected letter shows the reason and can be sent later', async () => {
      const page = await card('С рабочего стола');
      const answer = page.getByRole('region', { name: 'Переписка' });
      expect(await answer.getByLabel('Тема письма').inputValue()).toBe('Re: С рабочего стола');
      await answer.getByLabel('Ответ', { exact: true }).fill('Сто рублей.');
      const files = ['счёт.txt', 'лишнее.txt'].map((name) => ({
        name,
        mimeType: 'text/plain',
        buffer: Buffer.from(name),
      }));
      await answer.getByLabel('Приложить файлы').setInputFiles(files);
      await answer.getByRole('button', { name: 'Убрать: лишнее.txt' }).click();
      await answer.getByRole('button', { name: 'Отправить', exact: true }).click();
      const own = answer.locator('.letter.ours', { hasText: 'Сто рублей.' });
      await own.filter({ hasText: 'Отправлено' }).waitFor();
      await own.getByRole('link', { name: 'счёт.txt' }).waitFor();
      const [arrived] = await office.inFolder('ivan', 'Re: С рабочего стола');
      // The time of the question is that of this run.
      const quoted = /\n\n\d\d\.\d\d\.\d{4} \d\d:\d\d, Ivan <ivan@client\.example> пишет:\n> Сколько стоит\?$/;
      expect(arrived?.text).toMatch(quoted);
      expect(arrived?.text.replace(quoted, '')).toBe('Сто рублей.\n\n-- \nАнна, 101');

      await answer.getByLabel('Тема письма').fill('Casino');
      await answer.getByLabel('Ответ', { exact: true }).fill('Ещё');
      await answer.getByRole('button', { name: 'Отправить', exact: true }).click();
      const refused = answer.locator('.letter.failed', { hasText: 'почтовый сервер не принял письмо' });
      await refused.waitFor();
      await page.getByRole('button', { name: 'English' }).click();
      await page.locator('.letter.failed', { hasText: 'the mail server refuses the letter' }).waitFor();
      await page.getByRole('button', { name: 'Send again' }).click();
      await page.locator('.letter.failed', { hasText: 'the mail server refuses the letter' }).waitFor();
    });

    it('an address whose letters bounce is marked until an operator clears it', async () => {
      const gone = { email: 'gone@client.example' };
      const { id } = await office.write({ to: gone.email, subject: 'Gone', text: 'x' });
      await office.becomes(id, { state: 'failed', problem: expect.stringContaining(gone.email) as never });
      expect(await office.list(`/undeliverable?email=${gone.email}`)).toMatchObject([gone]);
      const page = await card('Кто ещё');
      const note = page.getByRole('alert').filter({ hasText: `Письма не доходят: ${gone.email}` });
      await note.getByRole('button', { name: 'Снова доходят' }).click();
      await note.waitFor({ state: 'detached' });
      expect(await office.list(`/undeliverable?email=${gone.email}`)).toEqual([]);
    });

    it('an answer to several shows its recipients, tasks show their subject, and the list shows bounces', async () => {
      const page = await card('До копий');
      await office.send({
        from: 'Ivan <ivan@client.example>',
        to: 'sales@our.example',
        cc: 'Мария <olga@client.example>',
        subject: 'С копией',
        html: '<p>Сколько стоит <b>насос</b>?</p>',
        attachments: [{ filename: 'задание.pdf', content: Buffer.alloc(50_000) }],
      });
      const row = page.getByRole('region', { name: 'Мои задачи' }).getByRole('button', { name: 'Ответ · С копией' });
      await row.click();
      const letters = page.getByRole('region', { name: 'Переписка' });
      await letters.getByText('Копия: Мария <olga@client.example>').waitFor();
      await letters.getByRole('button', { name: 'Ответить всем' }).click();
      expect(await letters.getByRole('textbox', { name: 'Копии кому', exact: true }).inputValue()).toBe(
        'olga@client.example',
      );
      await letters.getByRole('textbox', { name: /^Ответ/ }).fill('Двести тысяч');
      await letters.getByRole('button', { name: 'Отправить', exact: true }).click();
      await letters.locator('.letter.ours', { hasText: 'Копия: olga@client.example' }).waitFor();
      for (const user of ['ivan', 'olga']) await office.inFolder(user, 'Re: С копией');
      await letters.getByText('49 КБ').waitFor();
      await page.frameLocator('.letter iframe').getByText('насос').waitFor();

      await office.write({ to: 'gone@client.example', subject: 'Вернулось', text: 'x' });
      const list = page.getByRole('region', { name: 'Мои переписки' });
      await list.locator('.late', { hasText: 'Не отправлено · Вернулось' }).getByRole('button').click();
      await letters.locator('.letter.failed', { hasText: 'gone@client.example: письмо вернулось (5.0.0)' }).waitFor();
      await letters.getByRole('button', { name: 'Отправить ещё раз' }).waitFor();
    });

    it('a letter that starts a conversation is written from the card, in English too', async () => {
      const page = await card('Второе');
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByRole('button', { name: 'Write an email' }).click();
      const letter = page.getByRole('region', { name: 'Write an email' });
      expect(await letter.getByLabel('To', { exact: true }).inputValue()).toBe('ivan@client.example');
      await letter.getByLabel('Subject').fill('Offer');
      await letter.getByLabel('Text of the email').fill('Five');
      await letter.getByRole('button', { name: 'Send', exact: true }).click();
      await page.locator('.letter.ours', { hasText: 'Offer' }).filter({ hasText: 'Sent' }).waitFor();
      await office.inFolder('ivan', 'Offer');
      expect(pages.complaints).toEqual([]);
    });
  });
});

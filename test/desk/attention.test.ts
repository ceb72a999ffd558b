import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventKey } from '../../src/domain/base/ids.ts';
import { type Office, openOffice, TestPage, tokens } from '../support/office.ts';
import { letter } from '../support/written.ts';

describe('a desk that shows a conversation', () => {
  let office: Office;
  let cookie: string;
  const shown: string[] = [];

  beforeAll(async () => {
    const note = (what: string) => async (one: { readonly text: string | null }) => {
      shown.push(`${what} ${one.text}`);
      if (one.text === 'slow') await new Promise(() => {});
    };
    office = await openOffice({ marks: { typing: note('typing'), opened: note('opened') } });
    cookie = await office.login('anna');
  });
  afterAll(() => office.close());
  beforeEach(() => {
    shown.length = 0;
  });

  async function taken(id: string, thread: string, more: object = {}): Promise<string> {
    await office.intake.emit(letter(id, { channel: 'message', thread, text: id, at: Date.now(), ...more }));
    const { items } = await office.store.read.interactions({ limit: 1, cursor: null });
    return items[0]?.id ?? '';
  }
  const open = async () => {
    const page = TestPage.ofCookie(office, cookie);
    await page.next('hello');
    return page;
  };
  /** Sends a message and waits for its answer. */
  async function ask(page: TestPage, type: string, interaction: string) {
    const from = page.messages.length;
    page.send({ type, interaction, ref: 'r' });
    return page.until((one) => one.ref === 'r', from);
  }

  it('lets the client see that it was opened, and that an operator is writing', async () => {
    const page = await open();
    const id = await taken('m1', 'chat:1');
    expect(await ask(page, 'opened', id)).toEqual({ type: 'ok', ref: 'r' });
    expect(await ask(page, 'typing', id)).toEqual({ type: 'ok', ref: 'r' });
    expect(shown).toEqual(['opened m1', 'typing m1']);
    page.close();
  });

  it('is answered at once, however long the service takes', async () => {
    const page = await open();
    const id = await taken('slow', 'chat:0');
    expect(await ask(page, 'typing', id)).toEqual({ type: 'ok', ref: 'r' });
    page.close();
  });

  it('is told that the client is writing, and no other page is', async () => {
    const [one, two, idle] = [await open(), await open(), await open()];
    await ask(one, 'opened', await taken('m2', 'chat:2'));
    await ask(two, 'opened', await taken('m3', 'chat:3'));
    office.desk.publishTyping('chat:2');
    office.desk.publishTyping('chat:4');
    expect(await one.next('typing')).toEqual({ type: 'typing', thread: 'chat:2' });
    // It now shows another conversation.
    await ask(one, 'opened', await taken('m4', 'chat:4'));
    office.desk.publishTyping('chat:2');
    office.desk.publishTyping('chat:3');
    await two.next('typing');
    await ask(one, 'opened', await taken('m5', 'chat:5'));
    await ask(idle, 'typing', await taken('m6', 'chat:6'));
    const heard = [one, two, idle].map((page) => page.messages.filter(({ type }) => type === 'typing'));
    expect(heard.map((all) => all.map(({ thread }) => thread))).toEqual([['chat:2'], ['chat:3'], []]);
    for (const page of [one, two, idle]) page.close();
  });

  it('is told to read its conversation again, if its manager gets no update of the change', async () => {
    const page = await open();
    await ask(page, 'opened', await taken('m8', 'chat:8'));
    const deletion = { kind: 'deletion', key: eventKey('mail', 'm8'), connection: 'mail', at: Date.now() } as const;
    await office.intake.emit(deletion);
    expect(await page.next('conversation')).toEqual({ type: 'conversation', thread: 'chat:8' });
    const other = await taken('m9', 'chat:9');
    expect(await ask(page, 'opened', other)).toEqual({ type: 'ok', ref: 'r' });
    expect(page.messages.filter(({ type }) => type === 'conversation')).toHaveLength(1);
    page.close();
  });

  it('shows clients nothing of letters, nor of people who are no managers', async () => {
    const page = await open();
    const mail = await taken('mail', 'mail:1', { channel: 'email' });
    await ask(page, 'opened', mail);
    await ask(page, 'typing', mail);
    page.close();
    const program = new TestPage(`${office.url.replace('http', 'ws')}/desk`, {
      authorization: `Bearer ${tokens.admin}`,
    });
    await program.next('hello');
    expect(await ask(program, 'opened', await taken('m7', 'chat:7'))).toEqual({ type: 'ok', ref: 'r' });
    expect(shown).toEqual([]);
    // It may watch all the same.
    office.desk.publishTyping('chat:7');
    await program.next('typing');
    program.close();
  });

  it('is refused what it may not see, and what is no such message', async () => {
    const page = await open();
    expect(await ask(page, 'typing', '00000000-0000-7000-8000-000000000000')).toMatchObject({ code: 'not_found' });
    expect(await ask(page, 'opened', 'rubbish')).toMatchObject({ code: 'invalid' });
    expect(shown).toEqual([]);
    page.close();
  });
});

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Lead, Task } from '../../src/domain/follow-up/follow-up.ts';
import { SendingOffice } from './mail/sending-office.ts';

const olga = 'olga@client.example';

/** Somebody whose mail server answers for her: true Sieve vacations (Pigeonhole) on either side of the built gateway. */
describe('a vacation on the other side', () => {
  const office = new SendingOffice();

  beforeAll(() => office.open());
  afterAll(() => office.close());

  /** Sieve answers anew, once a week to one address, when its words are others. */
  const away = (user: string, words: string) =>
    office.dovecot.sieve(user, `require ["vacation"];\nvacation :days 7 "${words}";\n`);

  /** Resolves when all that anybody sent is delivered, every script has had its say, and the gateway has read what came of it. */
  async function settled(mark: string): Promise<void> {
    // A letter is in the queue until the script has run, and what that sends is in the queue, too.
    await vi.waitFor(() => expect(office.exim.queued()).toBe(0), { timeout: 20_000 });
    await office.send({ from: 'ivan@client.example', to: 'sales@our.example', subject: mark, text: mark });
    await office.letters(mark, 1);
  }

  const ofOlga = async <T extends Lead | Task>(path: string) =>
    (await office.list<T>(path)).filter(({ party }) => party?.email === olga);

  it('answers our letter once: an automatic answer in its conversation, no lead, no task, and no program may answer it', async () => {
    away('olga', 'Я в отпуске до понедельника.');
    const { id } = await office.write({ to: olga, subject: 'Отгрузка', text: 'Когда отгружать?' });
    const [ours, answer] = await office.letters('Отгрузка', 2);
    expect(ours?.id).toBe(id);
    expect(answer).toMatchObject({
      direction: 'inbound',
      automatic: 'auto_reply',
      subject: 'Auto: Отгрузка',
      text: 'Я в отпуске до понедельника.',
      causedBy: id,
      thread: ours?.thread,
    });
    await office.write({ interaction: answer?.id, text: 'We got it', automatic: true }, 409);

    await office.write({ to: olga, subject: 'Ещё вопрос', text: 'И сколько?' });
    await office.lying('olga', 'Ещё вопрос');
    await settled('Once');
    await office.letters('Ещё вопрос', 1);
    await office.letters('Отгрузка', 2);
    expect([await ofOlga('/leads'), await ofOlga('/tasks?limit=200')]).toEqual([[], []]);
  });

  it('is not wakened by a program of ours that answers what she wrote', async () => {
    away('olga', 'Я в отпуске до среды.');
    await office.send({ from: olga, to: 'sales@our.example', subject: 'Вопрос', text: 'Есть насосы?' });
    const [asked] = await office.letters('Вопрос', 1);
    expect(asked).toMatchObject({ automatic: null, direction: 'inbound' });
    await office.write({ interaction: asked?.id, text: 'We got it', automatic: true });
    const [got] = await office.lying('olga', 'Re: Вопрос');
    expect(got?.headers.get('auto-submitted')).toEqual(['auto-replied']);
    await settled('Silent');
    await office.letters('Вопрос', 2);
  });

  it('meets one of our own mailbox: neither answers the other, and her question stays owed until a human answers', async () => {
    away('olga', 'Я в отпуске до пятницы.');
    away('sales', 'Спасибо, мы получили ваше письмо.');
    await office.send({ from: olga, to: 'sales@our.example', subject: 'Снова', text: 'Есть трубы?' });
    const [asked] = await office.letters('Снова', 1);
    await office.lying('olga', 'Auto: Снова');
    await settled('Neither');
    const owed = async () => (await ofOlga<Task>('/tasks?state=open&limit=200')).map(({ interaction }) => interaction);
    expect(await owed()).toContain(asked?.id);

    const { id } = await office.write({ interaction: asked?.id, text: 'Есть.' });
    const letters = await office.letters('Снова', 3);
    expect(letters.at(-1)).toMatchObject({ automatic: 'auto_reply', causedBy: id, thread: asked?.thread });
    await settled('Both');
    await office.letters('Снова', 3);
    expect(await owed()).not.toContain(asked?.id);
    await office.lying('olga', 'Auto: Снова');
  });
});

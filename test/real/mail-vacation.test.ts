import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Lead, Task } from '../../src/domain/follow-up/follow-up.ts';
import { SendingOffice } from './mail/sending-office.ts';

const olga = 'olga@client.example';

/** A client with an automatic mail responder: real Sieve vacations (Pigeonhole) on either side of the built gateway. */
describe('a vacation responder on the other side', () => {
  const office = new SendingOffice();

  beforeAll(() => office.open());
  afterAll(() => office.close());

  /** Sieve answers once a week per address, and again if the text has changed. */
  const away = (user: string, words: string) =>
    office.dovecot.sieve(user, `require ["vacation"];\nvacation :days 7 "${words}";\n`);

  /** Resolves when all mail is delivered, every script has run, and the gateway has read the results. */
  async function settled(mark: string): Promise<void> {
    // A letter stays queued until the script has run, and what the script sends is queued too.
    await vi.waitFor(() => expect(office.exim.queued()).toBe(0), { timeout: 20_000 });
    await office.send({ from: 'ivan@client.example', to: 'sales@our.example', subject: mark, text: mark });
    await office.letters(mark, 1);
  }

  const ofOlga = async <T extends Lead | Task>(path: string) =>
    (await office.list<T>(path)).filter(({ party }) => party?.email === olga);

  it('answers our letter once: an automatic answer in the conversation, without lead or task, that no program may answer', async () => {
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
    await office.inFolder('olga', 'Ещё вопрос');
    await settled('Once');
    await office.letters('Ещё вопрос', 1);
    await office.letters('Отгрузка', 2);
    expect([await ofOlga('/leads'), await ofOlga('/tasks?limit=200')]).toEqual([[], []]);
  });

  it('is not triggered by an automatic answer of ours to her letter', async () => {
    away('olga', 'Я в отпуске до среды.');
    await office.send({ from: olga, to: 'sales@our.example', subject: 'Вопрос', text: 'Есть насосы?' });
    const [asked] = await office.letters('Вопрос', 1);
    expect(asked).toMatchObject({ automatic: null, direction: 'inbound' });
    await office.write({ interaction: asked?.id, text: 'We got it', automatic: true });
    const [got] = await office.inFolder('olga', 'Re: Вопрос');
    expect(got?.headers.get('auto-submitted')).toEqual(['auto-replied']);
    await settled('Silent');
    await office.letters('Вопрос', 2);
  });

  it('and one on our mailbox do not answer each other, and her question stays open until a human answers', async () => {
    away('olga', 'Я в отпуске до пятницы.');
    away('sales', 'Спасибо, мы получили ваше письмо.');
    await office.send({ from: olga, to: 'sales@our.example', subject: 'Снова', text: 'Есть трубы?' });
    const [asked] = await office.letters('Снова', 1);
    await office.inFolder('olga', 'Auto: Снова');
    await settled('Neither');
    const owed = async () => (await ofOlga<Task>('/tasks?state=open&limit=200')).map(({ interaction }) => interaction);
    expect(await owed()).toContain(asked?.id);

    const { id } = await office.write({ interaction: asked?.id, text: 'Есть.' });
    const letters = await office.letters('Снова', 3);
    expect(letters.at(-1)).toMatchObject({ automatic: 'auto_reply', causedBy: id, thread: asked?.thread });
    await settled('Both');
    await office.letters('Снова', 3);
    expect(await owed()).not.toContain(asked?.id);
    await office.inFolder('olga', 'Auto: Снова');
  });
});

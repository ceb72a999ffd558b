import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScreenPop } from '../../src/desk/protocol.ts';
import type { CallSnapshot } from '../../src/domain/interaction/contact-event.ts';
import {
  type DeskMessage,
  missedCall,
  type Office,
  openOffice,
  ringingCall,
  ringingLeg,
  TestPage,
  tokens,
} from '../support/office.ts';

const at = ringingLeg.rangAt ?? 0;
const talkingLeg = { ...ringingLeg, talkedAt: at + 5000 };
const talkingCall = (id: string) => ringingCall(id, { state: 'talking', legs: [talkingLeg] });
/** The call has left extension 101 and is ringing at 102. */
const passedOn = (id: string) =>
  ringingCall(id, {
    legs: [
      { ...ringingLeg, endedAt: at + 9000, outcome: 'no_answer' },
      { ...ringingLeg, extension: '102', rangAt: at + 9000 },
    ],
  });

describe('calls in progress when a desk is opened', () => {
  let office: Office;
  let cookie: string;
  beforeEach(async () => {
    office = await openOffice();
    cookie = await office.login('anna');
    await office.call('PUT', '/api/v1/clients/c1', {
      name: 'Romashka',
      identifiers: [{ kind: 'phone', value: '89161234567' }],
    });
  });
  afterEach(() => office.close());

  /** Opens a desk; `calls` are those of its greeting. */
  const open = async () => {
    const page = TestPage.ofCookie(office, cookie);
    return greeted(page);
  };
  const greeted = async (page: TestPage) => {
    const hello = await page.next('hello');
    return { page, hello, calls: hello.calls as readonly ScreenPop[] };
  };
  const numbered = (page: TestPage) => page.messages.filter(({ type }) => type === 'pop' || type === 'update');
  /** Waits until everything published so far has been sent. */
  const settled = async (page: TestPage, seq: unknown) => {
    page.send({ type: 'resume', ref: 'settled', seq });
    await page.until((one) => one.ref === 'settled');
  };

  it.each<[string, CallSnapshot, string]>([
    ['rings', ringingCall('1'), 'ringing'],
    ['is talked', talkingCall('1'), 'talking'],
  ])(
    'have the card of a call that %s after a reload, in a second tab and after a new login',
    async (_how, call, state) => {
      const first = await open();
      await office.intake.emit(call);
      await first.page.next('pop');
      const second = await open();
      first.page.close();
      const reloaded = await open();
      cookie = await office.login('anna');
      const afterLogin = await open();

      for (const { calls } of [second, reloaded, afterLogin]) {
        expect(calls).toMatchObject([
          {
            interaction: { state, party: { phone: '+79161234567' } },
            client: { id: 'c1', name: 'Romashka' },
            route: null,
          },
        ]);
        expect(calls[0]?.client?.recent).toHaveLength(1);
      }
    },
  );

  it('are sent to a program too, and to no other manager', async () => {
    await office.intake.emit(ringingCall('1'));
    const desk = (manager: string) =>
      greeted(
        new TestPage(`${office.url.replace('http', 'ws')}/desk?manager=${manager}`, {
          authorization: `Bearer ${tokens.integration}`,
        }),
      );
    expect((await desk('m1')).calls).toMatchObject([{ interaction: { state: 'ringing' } }]);
    expect((await desk('m2')).calls).toEqual([]);
  });

  it('omit calls that ended or moved on to a colleague, who gets them', async () => {
    for (const id of ['ended', 'passed', 'here']) await office.intake.emit(ringingCall(id));
    await office.intake.emit(missedCall('ended'));
    await office.intake.emit(passedOn('passed'));
    await office.intake.emit(ringingCall('internal', { direction: 'internal' }));
    const { calls } = await open();
    expect(calls.map(({ interaction }) => interaction.legs.length)).toEqual([1]);

    const colleague = new TestPage(`${office.url.replace('http', 'ws')}/desk?manager=m2`, {
      authorization: `Bearer ${tokens.integration}`,
    });
    expect((await greeted(colleague)).calls).toMatchObject([{ interaction: { legs: [{}, { extension: '102' }] } }]);
  });

  it('include the decisions made on them', async () => {
    await office.intake.emit(ringingCall('1'));
    const { page, calls } = await open();
    const interaction = calls[0]?.interaction.id;
    page.send({ type: 'disposition', ref: 'd', interaction, value: 'hot' });
    await page.until((one) => one.ref === 'd');

    expect((await open()).calls).toMatchObject([{ interaction: { id: interaction, disposition: 'hot' } }]);
  });

  it('are not popped again after the greeting, nor if they ended while the page was away', async () => {
    await office.intake.emit(ringingCall('stays'));
    await office.intake.emit(ringingCall('ends'));
    const { page, hello } = await open();
    page.close();
    await page.closed;
    await office.intake.emit(missedCall('ends'));
    await office.intake.emit(ringingCall('new'));

    const back = await open();
    await settled(back.page, hello.seq);
    expect(back.calls).toHaveLength(2);
    expect(numbered(back.page).map(({ type }) => type)).toEqual(['update', 'pop']);
    expect(numbered(back.page)[0]).toMatchObject({ interaction: { state: 'missed' } });
  });

  it('get increasing numbers for tabs that open while calls ring and end', async () => {
    const pages: { page: TestPage; hello: DeskMessage }[] = [];
    for (let i = 0; i < 10; i += 1) {
      const [opened] = await Promise.all([
        open(),
        office.intake.emit(ringingCall(`c-${i}`)),
        i > 0 && office.intake.emit(missedCall(`c-${i - 1}`)),
      ]);
      pages.push(opened);
    }
    const last = await open();
    for (const { page, hello } of pages) {
      await settled(page, last.hello.seq);
      const seqs = numbered(page).map(({ seq }) => Number(seq));
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
      const ids = (one: DeskMessage) => (one.interaction as { id: string }).id;
      const greetedWith = (hello.calls as readonly ScreenPop[]).map(({ interaction }) => interaction.id as string);
      const rang = new Set([
        ...greetedWith,
        ...numbered(page)
          .filter(({ type }) => type === 'pop')
          .map(ids),
      ]);
      // In every interleaving, the last call has a card, by the greeting or by a pop.
      expect(rang).toContain(last.calls[0]?.interaction.id);
    }
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DemoOffice, openOffice } from '../src/cli/demo/demo.ts';
import type { Interaction } from '../src/domain/interaction/interaction.ts';
import { silentLogger } from '../src/runtime/log.ts';
import { deskSocket, logIn } from './support/desk-login.ts';

interface DeskMessage {
  readonly type: string;
  readonly interaction?: Interaction;
  readonly client?: { readonly name: string } | null;
  /** In presence messages: everyone, or only the managers that changed. */
  readonly whole?: boolean;
  readonly managers?: readonly { readonly manager: { readonly id: string }; readonly state: string }[];
}

/** The whole path over real sockets: a scripted PBX asks and rings, the desk shows the card, the sample CRM gets the signed result. */
describe('an inbound call from end to end', () => {
  let office: DemoOffice;
  let cookie: string;

  beforeEach(async () => {
    // Telephones ring for longer than rings of a busy PBX wait for each other.
    office = await openOffice({ speed: 40, port: 0, log: silentLogger });
    cookie = await logIn(office.url, 'ivanova', 'demo-office');
  });

  afterEach(() => office.stop());

  /** Collects the messages to the desk until `enough` accepts them. */
  function listen(enough: (messages: readonly DeskMessage[]) => boolean): Promise<readonly DeskMessage[]> {
    return new Promise((resolve, reject) => {
      const messages: DeskMessage[] = [];
      const socket = deskSocket(office.url, cookie);
      socket.on('error', reject);
      socket.on('message', (data) => {
        messages.push(JSON.parse(data.toString()) as DeskMessage);
        if (!enough(messages)) return;
        socket.close();
        resolve(messages);
      });
    });
  }

  it('shows the card while the phone rings, and the CRM gets the final state with a valid signature', async () => {
    const ended = (one: DeskMessage) => one.type === 'update' && one.interaction?.state === 'answered';
    const popOf = (end: DeskMessage, messages: readonly DeskMessage[]) =>
      messages.find((one) => one.type === 'pop' && one.interaction?.id === end.interaction?.id);
    const endAfterPop = (messages: readonly DeskMessage[]) =>
      messages.findLast((one) => ended(one) && popOf(one, messages) !== undefined);
    const messages = await listen((messages) => endAfterPop(messages) !== undefined);

    expect(messages[0]).toMatchObject({ type: 'hello', manager: { id: 'ivanova' } });
    // Further frames of the last packet arrive after `enough` returned true: the last ended call may have popped up earlier.
    const last = endAfterPop(messages);
    const end = last?.interaction;
    const pop = last && popOf(last, messages);
    expect(pop?.interaction?.answeredAt).toBeNull();
    expect(end?.route?.trace.length).toBeGreaterThan(0);
    expect(end?.legs.some((leg) => leg.manager?.id === 'ivanova')).toBe(true);

    await expect
      .poll(() => office.crm.interactions.get(end?.id ?? '')?.revision, { timeout: 20_000 })
      .toBe(end?.revision);
    expect(office.crm.refused).toBe(0);
  });

  it('sends device states to every desk', async () => {
    const messages = await listen((messages) =>
      messages.some((one) => one.managers?.some(({ state }) => state === 'in_use' || state === 'ringing')),
    );
    const everybody = messages.find((one) => one.type === 'presence' && one.whole);
    expect(everybody?.managers?.map((one) => one.manager.id)).toContain('ivanova');
  });

  it('continues after the AMI connection was cut, and ends every call', async () => {
    await listen((messages) => messages.some((one) => one.type === 'pop'));
    office.pbx.ami.cut();
    await listen((messages) => messages.some((one) => one.type === 'pop'));
    const answer = await fetch(`${office.url}/api/v1/interactions?limit=200`, { headers: { cookie } });
    const { items } = (await answer.json()) as { items: Interaction[] };
    expect(items.length).toBeGreaterThan(0);
    expect(items.every((one) => one.endedAt !== null || one.state === 'ringing' || one.state === 'talking')).toBe(true);
  });
});

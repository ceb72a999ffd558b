import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DemoOffice, openOffice } from '../src/cli/demo/demo.ts';
import type { Interaction } from '../src/domain/interaction/interaction.ts';
import { silentLogger } from '../src/runtime/log.ts';
import { deskSocket, logIn } from './support/desk-login.ts';

interface Said {
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
    office = await openOffice({ speed: 200, port: 0, log: silentLogger });
    cookie = await logIn(office.url, 'ivanova', 'demo-office');
  });

  afterEach(() => office.stop());

  /** Collects the messages to the desk until `enough` accepts them. */
  function listen(enough: (said: readonly Said[]) => boolean): Promise<readonly Said[]> {
    return new Promise((resolve, reject) => {
      const said: Said[] = [];
      const socket = deskSocket(office.url, cookie);
      socket.on('error', reject);
      socket.on('message', (data) => {
        said.push(JSON.parse(data.toString()) as Said);
        if (!enough(said)) return;
        socket.close();
        resolve(said);
      });
    });
  }

  it('shows the card while the phone rings, and the CRM gets the final state with a valid signature', async () => {
    const ended = (one: Said) => one.type === 'update' && one.interaction?.state === 'answered';
    const popOf = (end: Said, said: readonly Said[]) =>
      said.find((one) => one.type === 'pop' && one.interaction?.id === end.interaction?.id);
    const endAfterPop = (said: readonly Said[]) => said.findLast((one) => ended(one) && popOf(one, said) !== undefined);
    const said = await listen((heard) => endAfterPop(heard) !== undefined);

    expect(said[0]).toMatchObject({ type: 'hello', manager: { id: 'ivanova' } });
    // Further frames of the last packet arrive after `enough` returned true: the last ended call may have popped up earlier.
    const last = endAfterPop(said);
    const end = last?.interaction;
    const pop = last && popOf(last, said);
    expect(pop?.interaction?.answeredAt).toBeNull();
    expect(end?.route?.trace.length).toBeGreaterThan(0);
    expect(end?.legs.some((leg) => leg.manager?.id === 'ivanova')).toBe(true);

    await expect
      .poll(() => office.crm.interactions.get(end?.id ?? '')?.revision, { timeout: 20_000 })
      .toBe(end?.revision);
    expect(office.crm.refused).toBe(0);
  });

  it('sends device states to every desk', async () => {
    const said = await listen((heard) =>
      heard.some((one) => one.managers?.some(({ state }) => state === 'in_use' || state === 'ringing')),
    );
    const everybody = said.find((one) => one.type === 'presence' && one.whole);
    expect(everybody?.managers?.map((one) => one.manager.id)).toContain('ivanova');
  });

  it('continues after the AMI connection was cut, and ends every call', async () => {
    await listen((said) => said.some((one) => one.type === 'pop'));
    office.pbx.ami.cut();
    await listen((said) => said.some((one) => one.type === 'pop'));
    const answer = await fetch(`${office.url}/api/v1/interactions?limit=200`, { headers: { cookie } });
    const { items } = (await answer.json()) as { items: Interaction[] };
    expect(items.length).toBeGreaterThan(0);
    expect(items.every((one) => one.endedAt !== null || one.state === 'ringing' || one.state === 'talking')).toBe(true);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DemoOffice, openOffice } from '../src/cli/demo/demo.ts';
import type { Interaction } from '../src/domain/interaction/interaction.ts';
import { silentLogger } from '../src/runtime/log.ts';
import { deskSocket, logIn } from './support/desk-login.ts';

interface Said {
  readonly type: string;
  readonly interaction?: Interaction;
  readonly client?: { readonly name: string } | null;
  /** Of presence: everybody, or only who changed. */
  readonly whole?: boolean;
  readonly managers?: readonly { readonly manager: { readonly id: string }; readonly state: string }[];
}

/** The whole way over real sockets: a scripted PBX asks and rings, the desk pops, the sample CRM gets the signed result. */
describe('an inbound call travels the whole way', () => {
  let office: DemoOffice;
  let cookie: string;

  beforeEach(async () => {
    office = await openOffice({ speed: 200, port: 0, log: silentLogger });
    cookie = await logIn(office.url, 'ivanova', 'demo-office');
  });

  afterEach(() => office.stop());

  /** What the desk is told until `enough` says so. */
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

  it('pops the card while the telephone rings, and the CRM ends with the same state under a valid signature', async () => {
    const ended = (one: Said) => one.type === 'update' && one.interaction?.state === 'answered';
    const popOf = (end: Said, said: readonly Said[]) =>
      said.find((one) => one.type === 'pop' && one.interaction?.id === end.interaction?.id);
    const endAfterPop = (said: readonly Said[]) => said.findLast((one) => ended(one) && popOf(one, said) !== undefined);
    const said = await listen((heard) => endAfterPop(heard) !== undefined);

    expect(said[0]).toMatchObject({ type: 'hello', manager: { id: 'ivanova' } });
    // Frames of one packet are heard after it was enough: the last call that ended may be one that had popped up before.
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

  it('tells every desk what the telephones do', async () => {
    const said = await listen((heard) =>
      heard.some((one) => one.managers?.some(({ state }) => state === 'in_use' || state === 'ringing')),
    );
    const everybody = said.find((one) => one.type === 'presence' && one.whole);
    expect(everybody?.managers?.map((one) => one.manager.id)).toContain('ivanova');
  });

  it('goes on after the AMI connection was cut, without a call that never ends', async () => {
    await listen((said) => said.some((one) => one.type === 'pop'));
    office.pbx.ami.cut();
    await listen((said) => said.some((one) => one.type === 'pop'));
    const answer = await fetch(`${office.url}/api/v1/interactions?limit=200`, { headers: { cookie } });
    const { items } = (await answer.json()) as { items: Interaction[] };
    expect(items.length).toBeGreaterThan(0);
    expect(items.every((one) => one.endedAt !== null || one.state === 'ringing' || one.state === 'talking')).toBe(true);
  });
});

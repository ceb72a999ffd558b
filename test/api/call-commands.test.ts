import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallLeg } from '../../src/domain/interaction/contact-event.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { Outbound, SendOutcome } from '../../src/domain/outbound/outbound.ts';
import { reason } from '../../src/domain/reasons/reasons.ts';
import { commandConnection } from '../support/command-connection.ts';
import { missedCall, type Office, openOffice, ringingCall, ringingLeg, tokens } from '../support/office.ts';

describe('commands to calls', () => {
  let office: Office;
  let carriedOut: readonly Outbound[];
  let outcome: SendOutcome;

  beforeEach(async () => {
    office = await openOffice();
    outcome = { kind: 'sent', keys: [], handle: null, state: 'sent' };
    ({ carriedOut } = commandConnection(office, () => outcome));
  });
  afterEach(() => office.close());

  const talking: CallLeg = { ...ringingLeg, talkedAt: ringingLeg.rangAt, outcome: 'answered' };
  async function call(id: string, legs = [talking]): Promise<Interaction> {
    await office.intake.emit(ringingCall(id, { state: 'talking', legs }));
    return (await office.store.read.interactions({ limit: 1, cursor: null })).items[0] as Interaction;
  }
  const as = async (login: string) => {
    const cookie = await office.login(login);
    return { authorization: '', cookie, origin: 'http://127.0.0.1:8080' };
  };
  const command = (id: string, body: object, headers = {}) =>
    office.call('POST', `/api/v1/calls/${id}/commands`, body, headers);

  it('tells the connection which telephone of the call to transfer, and where to', async () => {
    const { id } = await call('a');
    const answer = await command(id, { action: 'blind_transfer', to: 'm2' }, await as('anna'));
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { interaction: id, action: 'blind_transfer', state: 'done', problem: null },
    ]);
    expect(carriedOut).toMatchObject([
      {
        connection: 'pbx',
        channel: 'command',
        content: {
          manager: 'm1',
          command: { action: 'blind_transfer', call: ['pbx:a'], end: { extension: '101', phone: null }, to: '102' },
        },
      },
    ]);
    expect((carriedOut[0]?.expiresAt ?? 0) - office.clock.now()).toBeLessThan(10_000);
  });

  it('says in words why the PBX refused', async () => {
    outcome = { kind: 'failed', reason: reason('transferUnset') };
    const { id } = await call('a');
    const answer = await command(id, { action: 'blind_transfer', to: 'm2' }, await as('anna'));
    const told = (await answer.json()) as { id: string };
    expect(told).toMatchObject({ state: 'failed', problemReason: { code: 'transferUnset', values: {} } });
    const again = await office.call('GET', `/api/v1/commands/${told.id}`, undefined, await as('anna'));
    expect(await again.json()).toEqual(told);
  });

  it('reports an interrupted command as uncertain, and never repeats it', async () => {
    outcome = { kind: 'uncertain', reason: reason('commandStopped') };
    const { id } = await call('a');
    const told = (await (await command(id, { action: 'park' }, await as('anna'))).json()) as { id: Interaction['id'] };
    expect(told).toMatchObject({ state: 'uncertain' });
    const [resent] = await office.intake.apply([{ op: 'resend', id: told.id, expiresAt: 9e12, at: 1 }]);
    expect(resent).toMatchObject({ ok: false, code: 'conflict' });
    expect(carriedOut).toHaveLength(1);
  });

  it('lets operators act on their own calls only, and supervisors on those of others', async () => {
    const { id } = await call('a', [{ ...talking, extension: '102' }]);
    expect((await command(id, { action: 'hang_up' }, await as('anna'))).status).toBe(403);
    expect((await command(id, { action: 'hang_up' }, await as('boss'))).status).toBe(200);
    expect(carriedOut[0]?.content.command).toMatchObject({ action: 'hang_up', end: null });
  });

  it('lets programs act for a manager', async () => {
    const { id } = await call('a');
    const headers = { authorization: `Bearer ${tokens.integration}` };
    expect((await command(id, { action: 'hang_up' }, headers)).status).toBe(403);
    expect((await command(id, { action: 'hang_up', manager: 'm1' }, headers)).status).toBe(200);
  });

  it('passes a ringing call on to whom routing names next, and keeps the decision with the call', async () => {
    const { id } = await call('a', [ringingLeg]);
    const answer = await command(id, { action: 'pass_on' }, await as('anna'));
    expect(await answer.json()).toMatchObject({ action: 'pass_on', state: 'done' });
    expect(carriedOut[0]?.content.command).toMatchObject({ end: { extension: '101' }, to: '102' });
    expect(await office.store.read.interaction(id)).toMatchObject({ route: { decision: 'deputy', to: '102' } });
  });

  it('passes no call on that is talked, rings at several telephones, or has nowhere to go', async () => {
    const anna = await as('anna');
    const other = { ...ringingLeg, extension: '102' };
    const passOn = async (legs: CallLeg[]) =>
      (await command((await call(JSON.stringify(legs), legs)).id, { action: 'pass_on' }, anna)).status;
    expect(await passOn([talking])).toBe(409);
    expect(await passOn([ringingLeg, other])).toBe(409);
    expect(await passOn([ringingLeg, { ...other, endedAt: ringingLeg.rangAt, outcome: 'busy' }])).toBe(422);
    expect(carriedOut).toEqual([]);
  });

  it('picks up a colleague’s ringing call with one’s own telephone', async () => {
    await call('a', [{ ...ringingLeg, extension: '102' }]);
    const answer = await office.call('POST', '/api/v1/calls/pick-up', { colleague: 'm2' }, await as('anna'));
    expect(answer.status).toBe(200);
    expect(carriedOut[0]?.content.command).toMatchObject({
      action: 'pick_up',
      end: { extension: '102' },
      extension: '101',
    });
  });

  it('lets supervisors only listen, and writes that down', async () => {
    const { id } = await call('a', [{ ...talking, extension: '102' }]);
    const listen = (headers: object) => office.call('POST', `/api/v1/calls/${id}/listen`, {}, { ...headers });
    expect((await listen(await as('anna'))).status).toBe(403);
    const asProgram = { authorization: `Bearer ${tokens.supervisor}` };
    const answer = await office.call('POST', `/api/v1/calls/${id}/listen`, { manager: 'm1', whisper: true }, asProgram);
    expect(answer.status).toBe(200);
    expect(carriedOut[0]?.content.command).toMatchObject({
      action: 'whisper',
      end: { extension: '102' },
      extension: '101',
    });
    const { items } = await office.store.read.audit({ limit: 10, cursor: null, action: 'listen' });
    expect(items).toMatchObject([{ who: 'token:the supervisor', subject: id }]);
  });

  it('refuses what cannot be', async () => {
    const { id } = await call('a');
    const anna = await as('anna');
    const status = async (body: object) => (await command(id, body, anna)).status;
    expect(await status({ action: 'blind_transfer' })).toBe(422);
    expect(await status({ action: 'blind_transfer', to: 'nobody' })).toBe(422);
    expect(await status({ action: 'listen' })).toBe(422);
    expect(await status({ action: 'pick_up' })).toBe(409);
    await office.intake.emit({ ...missedCall('a'), state: 'answered' });
    expect(await status({ action: 'hang_up' })).toBe(409);
    expect(carriedOut).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { remoteInteraction, remoteNotification } from '../../../../src/crm/onec/extension/interaction.ts';
import type { ClientId, InteractionId } from '../../../../src/domain/base/ids.ts';
import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import { faultOf } from '../../../support/onec/extension/schemas.ts';

const key = '5f2c0d3e-7a41-4c55-9d0e-1b2c3d4e5f60';
const given: Partial<Interaction> = {
  id: '019bb1a7-9d40-7c11-b2a3-04f1e2d3c4b5' as InteractionId,
  revision: 3,
  channel: 'call',
  direction: 'inbound',
  startedAt: '2026-01-12T09:00:00.123Z',
  talkSeconds: 65,
  party: {
    phone: '+79161234567',
    raw: '89161234567',
    ext: null,
    withheld: false,
    email: null,
    account: null,
    name: 'Иван',
  },
  client: { id: `partner-${key}` as ClientId, name: 'Ромашка', kind: 'company', url: null },
  contact: null,
  line: { id: 'site', label: 'Сайт', address: '74951234567', connection: 'pbx' },
  mergedInto: null,
};
const interaction = (more: Partial<Interaction> = {}) => ({ ...given, ...more }) as Interaction;
const context = {
  user: null,
  deal: `deal-${key}`,
  subject: 'Входящий звонок',
  text: 'Разговор 1:05',
  recording: null,
  considered: true,
};

describe('interactions for the extension', () => {
  it('keep the contract', () => {
    const remote = remoteInteraction(interaction(), context);
    expect(faultOf('Interaction', remote)).toBeNull();
    expect(remote).toMatchObject({
      startedAt: '2026-01-12T09:00:00Z',
      client: `partner-${key}`,
      deal: `deal-${key}`,
      removed: false,
    });
  });

  it('are cut to what the contract takes', () => {
    const long = { ...context, subject: 'x'.repeat(2000), text: 'x'.repeat(200_000) };
    expect(faultOf('Interaction', remoteInteraction(interaction(), long))).toBeNull();
  });

  it('are removed when they were merged into another, and name no clients of other sources', () => {
    const other = { id: 'romashka' as ClientId, name: 'Ромашка', kind: 'company', url: null } as const;
    const merged = interaction({ mergedInto: key as InteractionId, client: other });
    expect(remoteInteraction(merged, context)).toMatchObject({ removed: true, client: null });
  });

  it('between colleagues stay with us', () => {
    expect(remoteInteraction(interaction({ direction: 'internal' }), context)).toBeNull();
  });

  it('are shown with the number and the name that is known', () => {
    const receiver = { user: null, extension: '101' };
    const shown = remoteNotification(interaction(), receiver, 'ring', '2026-01-12T09:00:01.500Z');
    expect(faultOf('Notification', shown)).toBeNull();
    expect(shown).toMatchObject({ name: 'Ромашка', line: 'Сайт', at: '2026-01-12T09:00:01Z' });
  });
});

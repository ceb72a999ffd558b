import { describe, expect, it } from 'vitest';
import { connectable } from '../../../src/crm/onec/connect/connectable.ts';
import { openBase, signal } from './open-base.ts';

describe('connecting a base', () => {
  it('is explained with its publication, objects and rights', async () => {
    const { open, onec } = await openBase();
    const guide = connectable(open()).guide().join('\n');
    expect(guide).toContain(`web server as ${onec.url}`);
    expect(guide).toContain('base="/base"');
    expect(guide).toContain('standardOdata enable="true"');
    for (const set of ['Catalog_Партнеры', 'Document_ТелефонныйЗвонок', 'Document_СообщениеSMS (if the base has it)'])
      expect(guide).toContain(set);
    expect(guide).toContain('the user "Обмен"');
  });

  it('ends with the mapping, the number of clients, and whose users the managers are', async () => {
    const { open, onec } = await openBase();
    onec.people.addUser({ name: 'Иванова', extension: '101' });
    onec.people.addClient({ name: 'Ромашка' });
    const findings = await connectable(open()).examine(signal());
    const detail = (what: string) => findings.find((one) => one.what === `base: ${what}`);
    expect(detail('access')).toMatchObject({ ok: true });
    expect(detail('configuration')?.detail).toContain('Управление торговлей 11');
    expect(detail('calls')?.detail).toContain('uses Document_ТелефонныйЗвонок');
    expect(detail('calls')?.detail).toContain('done without: Document_ТелефонныйЗвонок.сфпДлительностьЗвонка');
    expect(detail('reading clients')).toMatchObject({ ok: true, detail: '1 in Catalog_Партнеры' });
    expect(detail('managers and users')).toMatchObject({ ok: false });
    expect(detail('managers and users')?.detail).toMatch(/1 of 2 managers found.*no user for m2.*m1 is Иванова/);
  });

  it('says what stands in the way', async () => {
    const { open, onec } = await openBase({ changes: { without: ['Document_ТелефонныйЗвонок'] } });
    const wrong = await connectable(open({ password: 'wrong' })).examine(signal());
    expect(wrong).toMatchObject([{ what: 'base: access', ok: false }]);
    onec.faults.on('GET $metadata', 'closed-for-update');
    expect(await connectable(open()).examine(signal())).toMatchObject([{ what: 'base: access', ok: false }]);
    const findings = await connectable(open()).examine(signal());
    expect(findings.find(({ what }) => what === 'base: calls')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('missing: Document_ТелефонныйЗвонок'),
    });
  });
});

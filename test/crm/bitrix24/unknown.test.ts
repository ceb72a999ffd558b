import { describe, expect, it } from 'vitest';
import { letter } from '../../support/written.ts';
import { anna, Bureau } from './written/bureau.ts';
import { form } from './written/contacts.ts';

describe('a form of somebody unknown', () => {
  it('becomes a lead with its source, campaign, phone and e-mail, and stands on it', async () => {
    const bureau = await Bureau.open();
    await bureau.take(form('1'));
    expect(bureau.portal.cards('LEAD')).toMatchObject([
      {
        TITLE: 'Web form from Petr',
        NAME: 'Petr',
        PHONE: [{ VALUE: '+79161234567' }],
        EMAIL: [{ VALUE: 'petr@example.com' }],
        SOURCE_ID: 'WEBFORM',
        SOURCE_DESCRIPTION: 'Line site\nhttps://our.example/pumps',
        COMMENTS: 'Call me about pumps',
        UTM_SOURCE: 'yandex',
        UTM_MEDIUM: 'cpc',
        UTM_CAMPAIGN: 'spring',
        UTM_TERM: 'pumps',
        ORIGINATOR_ID: 'PATCHBAY',
      },
    ]);
    expect(bureau.portal.state.traces).toEqual([
      {
        id: 1,
        trace: {
          tags: { list: { utm_source: 'yandex', utm_medium: 'cpc', utm_campaign: 'spring', utm_term: 'pumps' } },
        },
        cards: [{ kind: 'LEAD', id: 1 }],
      },
    ]);
    expect(bureau.said('LEAD', 1)).toEqual([expect.stringContaining('Call me about pumps')]);
    expect(bureau.portal.state.complaints).toEqual([]);
  });

  it('is one lead with all later contacts of the same party', async () => {
    const bureau = await Bureau.open();
    await bureau.take(form('1'), form('2'), form('3'));
    expect(bureau.portal.cards('LEAD')).toHaveLength(1);
    expect(bureau.said('LEAD', 1)).toHaveLength(3);
  });

  it('is counted once as a visit of its campaign, if another contact has made its lead meanwhile', async () => {
    const bureau = await Bureau.open();
    bureau.portal.faults.on('crm.lead.add', 'cut-before');
    await bureau.take(form('1'), form('2'));
    expect(bureau.portal.cards('LEAD')).toHaveLength(1);
    expect(bureau.portal.state.traces).toHaveLength(1);
  });

  it('stands on a contact whom the portal knows, without a lead', async () => {
    const bureau = await Bureau.open();
    const contact = bureau.card('CONTACT', { NAME: 'Petr', PHONE: [{ VALUE: '8 (916) 123-45-67' }] });
    await bureau.take(form('1'));
    expect(bureau.portal.cards('LEAD')).toEqual([]);
    expect(bureau.said('CONTACT', contact)).toHaveLength(1);
  });

  it('stands on a lead in progress that somebody made by hand, but not on a closed one', async () => {
    const bureau = await Bureau.open();
    bureau.card('LEAD', { TITLE: 'Closed', STATUS_SEMANTIC_ID: 'F', EMAIL: [{ VALUE: 'petr@example.com' }] });
    const open = bureau.card('LEAD', {
      TITLE: 'Open',
      STATUS_SEMANTIC_ID: 'P',
      EMAIL: [{ VALUE: 'petr@example.com' }],
    });
    await bureau.take(form('1'));
    expect(bureau.portal.cards('LEAD')).toHaveLength(2);
    expect(bureau.said('LEAD', open)).toHaveLength(1);
  });

  it('becomes a contact with a deal in a portal without leads', async () => {
    const bureau = await Bureau.open({}, { leads: false });
    await bureau.take(form('1'), form('2'));
    expect(bureau.portal.cards('LEAD')).toEqual([]);
    expect(bureau.portal.cards('CONTACT')).toMatchObject([{ NAME: 'Petr', SOURCE_ID: 'WEBFORM' }]);
    expect(bureau.portal.cards('DEAL')).toMatchObject([
      { TITLE: 'Web form from Petr', CONTACT_ID: 1, UTM_SOURCE: 'yandex' },
    ]);
    expect(bureau.said('DEAL', 1)).toHaveLength(2);
  });

  it.each([
    [{ unknown: 'none' }, [0, 0]],
    [{ unknown: 'none', unknownOn: { form: 'lead' } }, [1, 0]],
    [{ unknownOn: { form: 'lead', site: 'deal' } }, [0, 1]],
  ])('makes what the settings say: %j', async (settings, counts) => {
    const bureau = await Bureau.open(settings);
    await bureau.take(form('1'));
    expect([bureau.portal.cards('LEAD').length, bureau.portal.cards('DEAL').length]).toEqual(counts);
  });

  it('has the source of its line, if the portal knows that', async () => {
    const bureau = await Bureau.open({ sources: { site: 'ADVERTISING', sales: 'NOBODY_KNOWS' } });
    await bureau.take(form('1'), letter('2'));
    expect(bureau.portal.cards('LEAD').map(({ SOURCE_ID }) => SOURCE_ID)).toEqual(['ADVERTISING', undefined]);
  });

  it('makes no lead of an automatic letter, or of history', async () => {
    const bureau = await Bureau.open();
    await bureau.take(letter('1', { automatic: 'auto_reply' }));
    bureau.pass(8 * 86_400);
    await bureau.take(letter('2'));
    expect(bureau.portal.cards('LEAD')).toEqual([]);
  });
});

describe('a lead of ours', () => {
  async function withLead(settings: object = {}, options = {}) {
    const bureau = await Bureau.open(settings, options);
    await bureau.take(form('1'));
    const [lead] = (await bureau.store.read.leads({ limit: 1, cursor: null })).items;
    if (lead === undefined) throw new Error('no lead');
    return { bureau, lead };
  }

  it('gives the portal its manager, and the stage of a rejected one', async () => {
    const { bureau, lead } = await withLead();
    await bureau.take(form('2'));
    await bureau.apply([{ op: 'lead', id: lead.id, act: { kind: 'take' }, by: anna, at: bureau.now }]);
    await bureau.deliver();
    expect(bureau.portal.cards('LEAD')).toMatchObject([{ ASSIGNED_BY_ID: 1, STATUS_ID: 'NEW' }]);
    await bureau.apply([
      { op: 'lead', id: lead.id, act: { kind: 'reject', reason: 'Spam' }, by: anna, at: bureau.now },
    ]);
    await bureau.deliver();
    expect(bureau.portal.cards('LEAD')).toMatchObject([{ STATUS_ID: 'JUNK', STATUS_DESCRIPTION: 'Spam' }]);
    expect(bureau.said('LEAD', 1)).toHaveLength(2);
  });

  it('gives it the client and the stage of a qualified one, and the contacts move to the client', async () => {
    const { bureau, lead } = await withLead({ stages: { qualified: 'PROCESSED' } });
    const contact = bureau.card('CONTACT', { NAME: 'Petr' });
    const client = await bureau.know(`contact-${contact}`, [{ kind: 'phone', value: '+79990000000' }]);
    await bureau.apply([{ op: 'lead', id: lead.id, act: { kind: 'qualify', client }, by: anna, at: bureau.now }]);
    await bureau.deliver();
    expect(bureau.portal.cards('LEAD')).toMatchObject([{ STATUS_ID: 'PROCESSED', CONTACT_ID: contact }]);
    expect([bureau.said('LEAD', 1).length, bureau.said('CONTACT', contact).length]).toEqual([0, 1]);
  });

  it('keeps its stage when the directory has read it as a client', async () => {
    const { bureau } = await withLead({ stages: { qualified: 'PROCESSED' } });
    await bureau.know('lead-1', [{ kind: 'phone', value: '+79161234567' }]);
    await bureau.apply([{ op: 'relink', at: bureau.now }]);
    await bureau.deliver();
    expect(bureau.portal.cards('LEAD')).toMatchObject([{ STATUS_ID: 'NEW' }]);
    expect(bureau.said('LEAD', 1)).toHaveLength(1);
  });

  it('waits for a person if the portal has no such stage', async () => {
    const { bureau, lead } = await withLead({ stages: { rejected: 'NOBODY_KNOWS' } });
    await bureau.apply([{ op: 'lead', id: lead.id, act: { kind: 'reject', reason: null }, by: anna, at: bureau.now }]);
    await bureau.deliver();
    const [parked] = (await bureau.owed()).filter(({ state }) => state === 'parked');
    expect(parked).toMatchObject({ kind: 'lead', lastReason: { code: 'stageUnknown' } });
  });

  it('is a deal in a portal without leads', async () => {
    const { bureau, lead } = await withLead({}, { leads: false });
    await bureau.apply([{ op: 'lead', id: lead.id, act: { kind: 'reject', reason: null }, by: anna, at: bureau.now }]);
    await bureau.deliver();
    expect(bureau.portal.cards('DEAL')).toMatchObject([{ STAGE_ID: 'LOSE', ASSIGNED_BY_ID: 1 }]);
  });
});

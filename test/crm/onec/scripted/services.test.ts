import { describe, expect, it } from 'vitest';
import { escapeHtml } from '../../../../src/domain/base/escape-html.ts';
import { leadsNamespace } from '../../../support/onec/leads-exchange/service.ts';
import type { Onec } from '../../../support/onec/onec.ts';
import { start } from './start.ts';

const login = { authorization: `Basic ${Buffer.from('Обмен:секрет').toString('base64')}` };

async function soap(
  onec: Onec,
  operation: string,
  parameters: Readonly<Record<string, string>>,
  namespace = leadsNamespace,
) {
  const inner = Object.entries(parameters).map(([name, value]) => `<l:${name}>${escapeHtml(value)}</l:${name}>`);
  const answer = await fetch(onec.leadsUrl, {
    method: 'POST',
    headers: { ...login, 'content-type': 'text/xml; charset=utf-8' },
    body: `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><l:${operation} xmlns:l="${namespace}">${inner.join('')}</l:${operation}></s:Body></s:Envelope>`,
  });
  const text = await answer.text();
  return { status: answer.status, text, result: /<m:return[^>]*>([^<]*)</.exec(text)?.[1] ?? null };
}

function lead(fields: Readonly<Record<string, string>>): string {
  const inner = Object.entries(fields).map(([id, value]) => `<Field ID="${id}" Type="${escapeHtml(value)}"/>`);
  return `<LeadStructure><Fields>${inner.join('')}</Fields></LeadStructure>`;
}

describe('CRM_LeadsExchange', () => {
  it('takes a lead once, whatever comes again under its event', async () => {
    const { onec } = await start({ preset: 'crm3' });
    const anna = onec.people.addUser({ name: 'Анна' });
    onec.people.addLeadSource('site', anna);
    const campaign = onec.people.add('Catalog_МаркетинговыеМероприятия', {
      Description: 'Весна',
      CRM_UTMМетка: 'spring',
    });
    const structure = lead({
      Наименование: 'Иван & Co',
      Телефон: '+79161234567',
      IDСобытия: 'e1',
      UTMМетка: ' spring ',
    });
    const load = () => soap(onec, 'LoadLead', { ServiceID: '', SourceID: 'site', LeadStructure: structure });
    const [first, second] = [await load(), await load()];
    expect(first.status).toBe(200);
    expect(second.result).toBe(first.result);
    expect(onec.view.documents('CRM_Заявка')).toMatchObject([
      {
        Ref_Key: first.result,
        Наименование: 'Иван & Co',
        Телефон: '+79161234567',
        ИДСобытия: 'e1',
        UTMМетка: 'spring',
        Ответственный_Key: anna,
        ИсточникПервичногоИнтереса: campaign,
      },
    ]);
    expect(onec.view.records('CRM_СостоянияЛидов')).toMatchObject([{ Лид: first.result }]);
    expect(onec.state.complaints).toEqual([]);
  });

  it('does not read all that it announces, and cuts', async () => {
    const { onec } = await start({ preset: 'crm3' });
    onec.people.addLeadSource('site', onec.people.addUser({ name: 'Анна' }));
    const announced = await soap(onec, 'GetLeadStructure', { ServiceID: '', SourceID: 'site' });
    expect(announced.result).toContain('ID=&quot;Контакт&quot;');
    const structure = lead({ Контакт: 'Иван', Тема: 'x', Телефон: '1'.repeat(51) });
    await soap(onec, 'LoadLead', { ServiceID: '', SourceID: 'site', LeadStructure: structure });
    expect(onec.view.documents('CRM_Заявка')).toMatchObject([{ Наименование: '', Телефон: '1'.repeat(50) }]);
    expect(onec.state.complaints).toEqual([
      'LoadLead: Контакт is not read',
      'LoadLead: Тема is not read',
      'LoadLead: Телефон is cut to 50',
    ]);
  });

  it('answers an unknown source like any other, and everything wrong with a fault', async () => {
    const { onec } = await start({ preset: 'crm3' });
    const unknown = await soap(onec, 'LoadLead', { ServiceID: '', SourceID: 'нет', LeadStructure: lead({}) });
    expect(unknown).toMatchObject({ status: 200, result: 'Настройки источника не найдены' });
    onec.people.addLeadSource('site', onec.people.addUser({ name: 'Анна' }));
    expect((await soap(onec, 'LoadLead', { ServiceID: '', SourceID: 'site' })).status).toBe(500);
    expect((await soap(onec, 'LoadLead', { ServiceID: '', SourceID: 'site', LeadStructure: '<a>' })).text).toContain(
      'soap:Server',
    );
    expect((await soap(onec, 'Load', {})).text).toContain('soap:Client');
    expect((await soap(onec, 'GetLeadStructure', { ServiceID: '', SourceID: 'site' }, 'urn:x')).status).toBe(500);
  });

  it('describes itself, wants a login, and is not published without 1С:CRM', async () => {
    const { onec } = await start({ preset: 'crm3-in-ut' });
    const description = await (await fetch(`${onec.leadsUrl}?wsdl`, { headers: login })).text();
    expect(description).toContain(`<soap:address location="${onec.leadsUrl}"/>`);
    expect((await fetch(`${onec.leadsUrl}?wsdl`)).status).toBe(401);
    const plain = await start();
    expect((await fetch(plain.onec.leadsUrl, { headers: login })).status).toBe(404);
  });
});

describe('our extension', () => {
  it('hands out all clients, then what changed', async () => {
    const { onec } = await start({
      clients: { count: 3, make: (n) => ({ name: `Клиент ${n}`, phones: [`+7916000000${n}`] }) },
    });
    const read = async (cursor: string) =>
      (await (
        await fetch(`${onec.extensionUrl}clients?limit=2&changedSince=${cursor}`, { headers: login })
      ).json()) as {
        items: { id: string; name: string; deleted: boolean }[];
        next: string;
        hasMore: boolean;
      };
    const first = await read('');
    const second = await read(first.next);
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['Клиент 1', 'Клиент 2', 'Клиент 3']);
    expect([first.hasMore, second.hasMore]).toEqual([true, false]);
    onec.people.mark('Catalog_Партнеры', onec.people.generatedKey(2));
    const changes = await read(second.next);
    expect(changes.items).toMatchObject([{ name: 'Клиент 2', deleted: true }]);
    expect((await read(changes.next)).items).toEqual([]);
    const found = await fetch(`${onec.extensionUrl}clients/by-phone?phone=%2B79160000003`, { headers: login });
    expect(await found.json()).toMatchObject({ items: [{ name: 'Клиент 3' }] });
  });

  it('keeps one interaction an external id, and what it was told to show', async () => {
    const { onec } = await start();
    const post = async (path: string, body: unknown) =>
      (
        await fetch(`${onec.extensionUrl}${path}`, { method: 'POST', headers: login, body: JSON.stringify(body) })
      ).json();
    expect(await post('interactions', { externalId: 'i1', status: 'ringing' })).toEqual({ id: 'i1', created: true });
    expect(await post('interactions', { externalId: 'i1', duration: 5 })).toEqual({ id: 'i1', updated: true });
    expect(onec.extension.interactions.get('i1')).toMatchObject({ status: 'ringing', duration: 5 });
    await post('notifications', { extension: '101', phone: '+79161234567' });
    expect(onec.extension.notifications).toHaveLength(1);
    expect((await fetch(`${onec.extensionUrl}ping`)).status).toBe(401);
    const ping = await fetch(`${onec.extensionUrl}ping`, { headers: login });
    expect(await ping.json()).toMatchObject({ configuration: 'ut11', timezone: 'Europe/Moscow' });
  });
});

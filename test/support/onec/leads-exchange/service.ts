import { escapeHtml } from '../../../../src/domain/base/escape-html.ts';
import type { Answered, Asked } from '../../scripted-service.ts';
import type { Infobase } from '../infobase.ts';
import { emptyObject, emptyRef, type Row, textIn, typeNameOf } from '../store/values.ts';
import { wsdl } from './wsdl.ts';
import { childOf, readXml, type XmlElement } from './xml.ts';

/** The namespace of the service. */
export const leadsNamespace = 'http://www.rarus.ru/LeadsExchange';

const sources = 'Catalog_CRM_ИсточникиПолученияЛидов';
const leads = 'Document_CRM_Заявка';
const envelopes = ['http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'];

/** The operations and their parameters, all of them texts. */
const operations: Readonly<Record<string, readonly string[]>> = {
  GetLeadStructure: ['ServiceID', 'SourceID'],
  LoadLead: ['ServiceID', 'SourceID', 'LeadStructure'],
};

/** What LoadLead reads, with the attribute and the length that 1C cuts it to. */
const fields: Readonly<Record<string, { readonly attribute: string; readonly length: number }>> = {
  Наименование: { attribute: 'Наименование', length: 150 },
  Телефон: { attribute: 'Телефон', length: 50 },
  ЭлектроннаяПочта: { attribute: 'ЭлектроннаяПочта', length: 50 },
  IDСобытия: { attribute: 'ИДСобытия', length: 36 },
  UTMМетка: { attribute: 'UTMМетка', length: 150 },
};

/** The SOAP service of 1С:CRM that takes leads in. */
export class LeadsExchange {
  readonly #base: Infobase;

  constructor(base: Infobase) {
    this.#base = base;
  }

  /** Answers a request to `/ws/LeadsExchange.1cws`. `url`: its own address. */
  answer({ method, target, body }: Asked, url: string): Answered {
    if (method === 'GET') return xml(200, wsdl(url, leadsNamespace, operations));
    if (method !== 'POST' || target.includes('?')) return fault('Client', 'Неверный запрос');
    const envelope = readXml(body.toString('utf8'));
    if (envelope === null || envelope.name !== 'Envelope' || !envelopes.includes(envelope.namespace))
      return fault('Client', 'Ошибка разбора XML');
    const [operation] = childOf(envelope, 'Body')?.children ?? [];
    const names = operations[operation?.name ?? ''];
    if (operation === undefined || names === undefined || operation.namespace !== leadsNamespace)
      return fault('Client', 'Неизвестная операция');
    const given = names.map((name) => childOf(operation, name));
    const missing = names.find((_, index) => given[index]?.namespace !== leadsNamespace);
    if (missing !== undefined) return fault('Client', `Отсутствует параметр ${missing}`);
    const [, sourceId = '', structure = ''] = given.map((parameter) => parameter?.text ?? '');
    const source = this.#sourceOf(sourceId);
    // An answer like any other, not a fault.
    if (source === null) return result(operation.name, 'Настройки источника не найдены');
    if (operation.name === 'GetLeadStructure') return result(operation.name, structureOf(source));
    return this.#load(source, structure);
  }

  #sourceOf(id: string): Row | null {
    for (const row of this.#base.store(sources).rows()) if (row.ИдентификаторИсточника === id) return row;
    return null;
  }

  #load(source: Row, structure: string): Answered {
    const root = readXml(structure);
    if (root === null) return fault('Server', 'Ошибка чтения XML');
    const given: Record<string, string> = {};
    for (const { attributes } of fieldsOf(root)) {
      const { ID = '', Type = '' } = attributes;
      const field = fields[ID];
      if (field === undefined) {
        if (!/^[0-9a-f-]{36}$/i.test(ID)) this.#complain(`${ID} is not read`);
        continue;
      }
      if (Type.length > field.length) this.#complain(`${ID} is cut to ${field.length}`);
      given[field.attribute] = Type.slice(0, field.length);
    }
    const known = this.#leadOf(given.ИДСобытия ?? '');
    if (known !== null) return result('LoadLead', known);
    const row = this.#base.create(leads, {
      ИсточникПолучения_Key: textIn(source, 'Ref_Key'),
      Ответственный_Key: textIn(source, 'ОтветственныйМенеджер_Key') || emptyRef,
      КаналПервичногоИнтереса_Key: textIn(source, 'КаналПервичногоИнтереса_Key') || emptyRef,
      ...given,
      UTMМетка: (given.UTMМетка ?? '').trim(),
      ...this.#campaignOf((given.UTMМетка ?? '').trim()),
    });
    const key = textIn(row, 'Ref_Key');
    const states = this.#base.entity('InformationRegister_CRM_СостоянияЛидов');
    this.#base.write(states, { ...emptyObject(states), Лид: key, Лид_Type: typeNameOf(leads) });
    return result('LoadLead', key);
  }

  #leadOf(eventId: string): string | null {
    if (eventId === '') return null;
    for (const row of this.#base.store(leads).rows()) if (row.ИДСобытия === eventId) return textIn(row, 'Ref_Key');
    return null;
  }

  /** The campaign whose mark the lead carries. */
  #campaignOf(mark: string): Row {
    const set = 'Catalog_МаркетинговыеМероприятия';
    if (mark === '' || !this.#base.schema.has(set)) return {};
    for (const row of this.#base.store(set).rows())
      if (row.CRM_UTMМетка === mark)
        return { ИсточникПервичногоИнтереса: textIn(row, 'Ref_Key'), ИсточникПервичногоИнтереса_Type: typeNameOf(set) };
    return {};
  }

  #complain(text: string): void {
    this.#base.state.complaints.push(`LoadLead: ${text}`);
  }
}

/** The fields of a lead: `<LeadStructure><Fields><Field ID Type/></Fields></LeadStructure>`; the value stands in `Type`. */
function fieldsOf({ children }: XmlElement): readonly XmlElement[] {
  return children
    .filter(({ name }) => name === 'Fields')
    .flatMap((list) => list.children.filter(({ name }) => name === 'Field'));
}

/** What GetLeadStructure announces, which is not all that LoadLead reads. */
function structureOf(source: Row): string {
  const announced: readonly (readonly [name: string, id: string, required: boolean])[] = [
    ['ID события', 'IDСобытия', false],
    ['Тема', 'Тема', false],
    ['Контакт', 'Контакт', source.НаименованиеОбязательно === true],
    ['Организация', 'Организация', source.НаименованиеОбязательно === true],
    ['Телефон', 'Телефон', source.ТелефонОбязательно === true],
    ['Электронная почта', 'ЭлектроннаяПочта', source.ПочтаОбязательно === true],
    ['UTM метка', 'UTMМетка', false],
  ];
  const lines = announced.map(
    ([name, id, isRequired]) => `<Field Name="${name}" ID="${id}" Type="String" Required="${isRequired}"/>`,
  );
  return `<LeadStructure><Fields>${lines.join('')}</Fields></LeadStructure>`;
}

function result(operation: string, text: string): Answered {
  return soap(
    200,
    `<m:${operation}Response xmlns:m="${leadsNamespace}"><m:return xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">${escapeHtml(text)}</m:return></m:${operation}Response>`,
  );
}

function fault(code: 'Client' | 'Server', text: string): Answered {
  return soap(
    500,
    `<soap:Fault><faultcode>soap:${code}</faultcode><faultstring>${escapeHtml(text)}</faultstring></soap:Fault>`,
  );
}

function soap(status: number, body: string): Answered {
  return xml(
    status,
    `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/><soap:Body>${body}</soap:Body></soap:Envelope>`,
  );
}

function xml(status: number, body: string): Answered {
  return { status, headers: { 'content-type': 'text/xml; charset=utf-8' }, body };
}

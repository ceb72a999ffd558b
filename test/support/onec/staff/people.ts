import type { Infobase } from '../infobase.ts';
import { versionText } from '../infobase.ts';
import { generatedKey } from '../store/key-order.ts';
import { emptyObject, emptyRow, type Row, textIn, typeNameOf } from '../store/values.ts';
import { contactRows, type PartnerGiven } from './contacts.ts';

/** An employee. */
export interface UserGiven {
  readonly name: string;
  readonly extension?: string;
  readonly email?: string;
  /** Недействителен. */
  readonly inactive?: boolean;
}

/** A deal: СделкиСКлиентами, or CRM_Интерес in a stand-alone 1С:CRM. */
export interface DealGiven {
  readonly client: string;
  readonly name: string;
  readonly manager?: string;
  readonly closed?: boolean;
  readonly fields?: Row;
}

/** What people do who work in 1C. */
export class People {
  readonly #base: Infobase;

  constructor(base: Infobase) {
    this.#base = base;
  }

  /** The catalog of clients: Партнеры, or Контрагенты where there are none. */
  get clientSet(): string {
    return this.#base.schema.has('Catalog_Партнеры') ? 'Catalog_Партнеры' : 'Catalog_Контрагенты';
  }

  /** The catalog of contact persons. */
  get personSet(): string {
    const own = 'Catalog_КонтактныеЛицаПартнеров';
    return this.#base.schema.has(own) ? own : 'Catalog_КонтактныеЛица';
  }

  /** Adds a user, with an employee where the configuration has them. Returns the key that clients' responsible persons have. */
  addUser({ name, extension, email, inactive = false }: UserGiven): string {
    const emails = email === undefined ? [] : [email];
    const inTelephony = this.#base.schema.has('InformationRegister_НастройкиПользователейТелефонии');
    const phones = extension === undefined || inTelephony ? [] : [extension];
    const user = this.#add('Catalog_Пользователи', { name, emails, phones, fields: { Недействителен: inactive } });
    if (!this.#base.schema.has('Catalog_Сотрудники')) return user;
    const employee = this.#add('Catalog_Сотрудники', { name, fields: { Недействителен: inactive } });
    this.#base.create('InformationRegister_СотрудникиПользователя', {
      Сотрудник_Key: employee,
      Пользователь_Key: user,
    });
    if (extension !== undefined)
      this.#base.create('InformationRegister_НастройкиПользователейТелефонии', {
        Пользователь_Key: user,
        ВнутреннийНомер: extension,
      });
    return employee;
  }

  /** Adds a client and returns its key. */
  addClient(given: PartnerGiven): string {
    return this.#add(this.clientSet, given);
  }

  /** Adds the company behind a partner. */
  addCounterparty(partner: string, given: PartnerGiven): string {
    return this.#add('Catalog_Контрагенты', { ...given, fields: { Партнер_Key: partner, ...given.fields } });
  }

  /** Adds a contact person of a client: an item that the client owns, or one that a register ties to it. */
  addPerson(client: string, given: PartnerGiven): string {
    const { byName } = this.#base.names.entity(this.personSet).properties;
    const owner = byName.has('Owner_Key')
      ? { Owner_Key: client }
      : byName.has('Owner')
        ? { Owner: client, Owner_Type: typeNameOf(this.clientSet) }
        : {};
    const person = this.#add(this.personSet, { ...given, fields: { ...owner, ...given.fields } });
    const links = 'InformationRegister_СвязиКонтрагентКонтакт';
    if (this.#base.schema.has(links))
      this.#base.create(links, { Period: this.#base.now(), Контрагент_Key: client, Контакт_Key: person });
    return person;
  }

  /** Adds a lead: Лиды of УНФ, ПотенциальныеКлиенты of 1С:CRM. */
  addLead(given: PartnerGiven): string {
    const set = this.#base.schema.has('Catalog_Лиды') ? 'Catalog_Лиды' : 'Catalog_CRM_ПотенциальныеКлиенты';
    return this.#add(set, given);
  }

  /** Adds a deal. */
  addDeal({ client, name, manager, closed = false, fields = {} }: DealGiven): string {
    const responsible = manager === undefined ? {} : { Ответственный_Key: manager };
    if (this.#base.schema.has('Catalog_СделкиСКлиентами')) {
      const row = { Description: name, Партнер_Key: client, Закрыта: closed, Статус: closed ? 'Выиграна' : 'ВРаботе' };
      return textIn(this.#base.create('Catalog_СделкиСКлиентами', { ...row, ...responsible, ...fields }), 'Ref_Key');
    }
    const row = { Тема: name, Партнер_Key: client, Завершен: closed };
    return textIn(this.#base.create('Document_CRM_Интерес', { ...row, ...responsible, ...fields }), 'Ref_Key');
  }

  /** Adds a source of leads, which the SOAP service of 1С:CRM asks for by its id. */
  addLeadSource(id: string, manager: string): string {
    return this.add('Catalog_CRM_ИсточникиПолученияЛидов', {
      ИдентификаторИсточника: id,
      ОтветственныйМенеджер_Key: manager,
    });
  }

  /** Adds any other object under its own attributes. */
  add(set: string, fields: Row): string {
    return textIn(this.#base.create(set, fields), 'Ref_Key');
  }

  /** Changes an object, which gives it a new DataVersion. */
  edit(set: string, key: string, fields: Row): void {
    this.#base.change(set, key, fields);
  }

  /** Replaces the telephones and addresses of an object. */
  editContacts(set: string, key: string, given: Pick<PartnerGiven, 'phones' | 'emails'>): void {
    this.#base.change(set, key, this.#contacts(set, { name: '', ...given }));
  }

  /** Sets or takes away the deletion mark. */
  mark(set: string, key: string, deleted = true): void {
    this.#base.change(set, key, { DeletionMark: deleted });
  }

  /** Makes clients when they are read, and their contact information only where it is asked for. */
  generate(count: number, make: (n: number) => PartnerGiven): void {
    const set = this.clientSet;
    const contactsOf = (given: PartnerGiven) => this.#base.names.translate(set, this.#contacts(set, given));
    const empty = emptyObject(this.#base.entity(set));
    const lazy = Object.keys(contactsOf({ name: '' }));
    this.#base.generate(set, {
      count,
      make: (n, Ref_Key) => {
        const given = make(n);
        const own = { Ref_Key, DataVersion: versionText(n), Code: String(n).padStart(11, '0') };
        const row = { ...empty, ...own, ...this.#base.names.translate(set, this.#head(set, given)) };
        let contacts: Row | null = null;
        for (const name of lazy) {
          const get = () => {
            contacts ??= contactsOf(given);
            return contacts[name];
          };
          Object.defineProperty(row, name, { get, enumerable: true });
        }
        return row;
      },
    });
  }

  /** The key of the nth generated client. */
  generatedKey(n: number): string {
    return generatedKey(this.clientSet, n);
  }

  #add(set: string, given: PartnerGiven): string {
    return textIn(this.#base.create(set, this.#fields(set, given)), 'Ref_Key');
  }

  #fields(set: string, given: PartnerGiven): Row {
    return { ...this.#contacts(set, given), ...this.#head(set, given) };
  }

  #head(set: string, { name, manager, fields = {} }: PartnerGiven): Row {
    const { byName } = this.#base.names.entity(set).properties;
    const responsible = byName.has('ОсновнойМенеджер_Key') ? 'ОсновнойМенеджер_Key' : 'Ответственный_Key';
    return {
      Description: name,
      ...(byName.has('НаименованиеПолное') ? { НаименованиеПолное: name } : {}),
      ...(byName.has('Клиент') ? { Клиент: true } : {}),
      ...(manager !== undefined && byName.has(responsible) ? { [responsible]: manager } : {}),
      ...fields,
    };
  }

  /** The section, and what УНФ keeps beside it to search by. */
  #contacts(set: string, given: PartnerGiven): Row {
    const { properties, sections } = this.#base.names.entity(set);
    const columns = sections.get('КонтактнаяИнформация');
    if (columns === undefined) return {};
    const rows = contactRows(given).map((row) => ({
      ...emptyRow(columns),
      ...row,
      ...(columns.byName.has('ОбратныйНомерТелефона')
        ? { ОбратныйНомерТелефона: reversed(textIn(row, 'НомерТелефона')) }
        : {}),
    }));
    const search = properties.byName.has('НомерТелефонаДляПоиска')
      ? {
          НомерТелефонаДляПоиска: rows
            .map((row) => textIn(row, 'НомерТелефона'))
            .filter((one) => one !== '')
            .join(', ')
            .slice(0, 100),
          АдресЭПДляПоиска: rows
            .map((row) => textIn(row, 'АдресЭП'))
            .filter((one) => one !== '')
            .join(', ')
            .slice(0, 100),
        }
      : {};
    return { КонтактнаяИнформация: rows, ...search };
  }
}

/** The last ten digits backwards, by which УНФ searches from the end. */
function reversed(digits: string): string {
  return [...digits.slice(-10)].reverse().join('');
}

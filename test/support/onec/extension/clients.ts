import type { RemoteClient } from '../../../../src/crm/onec/extension/contract.ts';
import type { Infobase } from '../infobase.ts';
import type { Entity } from '../metadata/schema.ts';
import type { People } from '../staff/people.ts';
import { View } from '../staff/view.ts';
import { emptyRef, type Row, rowsIn, textIn } from '../store/values.ts';

/** A page of clients, as the contract has it. */
interface Page {
  readonly items: readonly RemoteClient[];
  readonly removed: readonly string[];
  readonly next: string;
  readonly more: boolean;
}

const links = 'InformationRegister_СвязиКонтрагентКонтакт';
const leadSets = ['Catalog_Лиды', 'Catalog_CRM_ПотенциальныеКлиенты'];
const dealSets = ['Catalog_СделкиСКлиентами', 'Document_CRM_Интерес'];

/** The clients that our extension hands out, and its register of changes. */
export class ExtensionClients {
  readonly #base: Infobase;
  readonly #people: People;
  readonly #view: View;
  /** Ids of changed clients, in the order of the changes. */
  readonly #changes: string[] = [];

  constructor(base: Infobase, people: People) {
    this.#base = base;
    this.#people = people;
    this.#view = new View(base);
    base.handlers.push((entity, row) => this.#changes.push(...this.#touched(entity, row)));
  }

  /**
   * All clients first, then those that changed since the first page was asked for. The cursor is `all:SET:KEY:NUMBER` or
   * `log:NUMBER`; one that is not understood begins again.
   */
  page(cursor: string, limit: number): Page {
    const log = /^log:(\d+)$/.exec(cursor);
    if (log !== null && Number(log[1]) <= this.#changes.length) return this.#changesAfter(Number(log[1]), limit);
    const [, set = '0', key = '', from = String(this.#changes.length)] =
      /^all:(\d+):([0-9a-f-]*):(\d+)$/.exec(cursor) ?? [];
    return this.#allAfter(Number(set), key, Number(from), limit);
  }

  /** The clients with a number, also one of their contact persons or companies. */
  byPhone(phone: string): readonly RemoteClient[] {
    const wanted = phone.replace(/\D/g, '').slice(-10);
    if (wanted.length < 10) return [];
    return this.#found('НомерТелефона', (stored) => stored.slice(-10) === wanted);
  }

  byEmail(email: string): readonly RemoteClient[] {
    const wanted = email.toLowerCase();
    return this.#found('АдресЭП', (stored) => stored.toLowerCase() === wanted);
  }

  get #sets(): readonly string[] {
    return [this.#people.clientSet, ...leadSets.filter((set) => this.#base.schema.has(set))];
  }

  #changesAfter(from: number, limit: number): Page {
    const ids = this.#changes.slice(from, from + limit);
    const next = from + ids.length;
    const rows = [...new Set(ids)].flatMap((id) => this.#rowOf(id) ?? []);
    return { ...this.#listed(rows), next: `log:${next}`, more: next < this.#changes.length };
  }

  #allAfter(set: number, key: string, from: number, limit: number): Page {
    const name = this.#sets[set];
    if (name === undefined) return { items: [], removed: [], next: `log:${from}`, more: from < this.#changes.length };
    const rows: { set: string; row: Row }[] = [];
    for (const row of this.#base.store(name).rows(key === '' ? null : key)) {
      if (row.IsFolder === true) continue;
      rows.push({ set: name, row });
      if (rows.length < limit) continue;
      return { ...this.#listed(rows), next: `all:${set}:${textIn(row, 'Ref_Key')}:${from}`, more: true };
    }
    return { ...this.#listed(rows), next: `all:${set + 1}::${from}`, more: true };
  }

  #listed(rows: readonly { set: string; row: Row }[]): Pick<Page, 'items' | 'removed'> {
    return {
      items: rows.filter(({ row }) => row.DeletionMark !== true).map(({ set, row }) => this.#client(set, row)),
      removed: rows
        .filter(({ row }) => row.DeletionMark === true)
        .map(({ set, row }) => this.#id(set, textIn(row, 'Ref_Key'))),
    };
  }

  #found(column: string, matches: (stored: string) => boolean): readonly RemoteClient[] {
    const owners = new Set<string>();
    const sets = [...this.#sets, this.#people.personSet, 'Catalog_Контрагенты'];
    for (const set of new Set(sets.filter((one) => this.#base.schema.has(one))))
      for (const row of this.#base.store(set).rows())
        if (rowsIn(row, 'КонтактнаяИнформация').some((one) => matches(textIn(one, column))))
          for (const id of this.#touched(this.#base.entity(set), row)) owners.add(id);
    const rows = [...owners].slice(0, 20).flatMap((id) => this.#rowOf(id) ?? []);
    return this.#listed(rows).items;
  }

  /** The clients that an object belongs to, by id. */
  #touched({ set }: Pick<Entity, 'set'>, row: Row): readonly string[] {
    const own = textIn(row, 'Ref_Key');
    if (this.#sets.includes(set)) return [this.#id(set, own)];
    const clients = this.#people.clientSet;
    const owner = (key: string) => (key === '' || key === emptyRef ? [] : [this.#id(clients, key)]);
    if (set === links) return owner(textIn(row, 'Контрагент_Key'));
    if (set === 'Catalog_Контрагенты' || dealSets.includes(set)) return owner(textIn(row, 'Партнер_Key'));
    if (set !== this.#people.personSet) return [];
    if (!this.#base.schema.has(links)) return owner(textIn(row, 'Owner_Key') || textIn(row, 'Owner'));
    return this.#view
      .records('СвязиКонтрагентКонтакт')
      .filter((link) => link.Контакт_Key === own)
      .flatMap((link) => owner(textIn(link, 'Контрагент_Key')));
  }

  #client(set: string, row: Row): RemoteClient {
    const key = textIn(row, 'Ref_Key');
    const companies =
      set === 'Catalog_Партнеры' && this.#base.schema.has('Catalog_Контрагенты')
        ? this.#view.items('Контрагенты').filter((one) => one.Партнер_Key === key && one.DeletionMark !== true)
        : [];
    const responsible = textIn(row, 'ОсновнойМенеджер_Key') || textIn(row, 'Ответственный_Key');
    return {
      id: this.#id(set, key),
      kind: textIn(row, 'ЮрФизЛицо') === 'ЧастноеЛицо' || leadSets.includes(set) ? 'person' : 'company',
      name: textIn(row, 'Description'),
      responsible: responsible === '' || responsible === emptyRef ? null : responsible,
      ...contactsOf([row, ...companies]),
      contacts: leadSets.includes(set)
        ? []
        : this.#view.personsOf(key).flatMap((id) => {
            const person = this.#base.find(this.#people.personSet, id);
            if (person === null || person.DeletionMark === true) return [];
            return [{ id: `person-${id}`, name: textIn(person, 'Description'), ...contactsOf([person]) }];
          }),
      deals: dealSets
        .filter((one) => this.#base.schema.has(one))
        .flatMap((one) => [...this.#base.store(one).rows()])
        .filter((one) => one.Партнер_Key === key && one.DeletionMark !== true)
        .filter((one) => one.Закрыта !== true && one.Завершен !== true)
        .map((one) => ({
          id: `deal-${textIn(one, 'Ref_Key')}`,
          name: textIn(one, 'Description') || textIn(one, 'Тема'),
          stage: textIn(one, 'Статус') || null,
        })),
      url: `e1cib/data/Справочник.${set.slice('Catalog_'.length)}?ref=${key}`,
    };
  }

  #id(set: string, key: string): string {
    const role = leadSets.includes(set) ? 'lead' : set === 'Catalog_Партнеры' ? 'partner' : 'counterparty';
    return `${role}-${key}`;
  }

  #rowOf(id: string): { set: string; row: Row } | null {
    const key = id.slice(id.indexOf('-') + 1);
    for (const set of this.#sets) {
      const row = this.#base.find(set, key);
      if (row !== null) return { set, row };
    }
    return null;
  }
}

function contactsOf(rows: readonly Row[]): { phones: string[]; emails: string[] } {
  const all = rows.flatMap((row) => rowsIn(row, 'КонтактнаяИнформация'));
  const phones = all.filter(({ Тип }) => Тип === 'Телефон').map((one) => textIn(one, 'Представление'));
  const emails = all.map((one) => textIn(one, 'АдресЭП')).filter((value) => value !== '');
  return { phones: [...new Set(phones)], emails: [...new Set(emails)] };
}

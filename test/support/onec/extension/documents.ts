import type { RemoteInteraction, RemoteWritten } from '../../../../src/crm/onec/extension/contract.ts';
import type { Infobase } from '../infobase.ts';
import { emptyRef, type Row, textIn, typeNameOf } from '../store/values.ts';

const call = 'Document_ТелефонныйЗвонок';
const event = 'Document_Событие';
const subjects = 'InformationRegister_ПредметыПапкиВзаимодействий';

const setsByRole: Readonly<Record<string, readonly string[]>> = {
  partner: ['Catalog_Партнеры'],
  counterparty: ['Catalog_Контрагенты'],
  person: ['Catalog_КонтактныеЛицаПартнеров', 'Catalog_КонтактныеЛица'],
  lead: ['Catalog_Лиды', 'Catalog_CRM_ПотенциальныеКлиенты'],
  deal: ['Catalog_СделкиСКлиентами', 'Document_CRM_Интерес'],
};

/** The documents that our extension keeps: one for each interaction, under the highest revision that came. */
export class ExtensionDocuments {
  readonly #base: Infobase;
  /** By our id. */
  readonly interactions = new Map<string, { readonly given: RemoteInteraction; readonly key: string }>();

  constructor(base: Infobase) {
    this.#base = base;
  }

  /** The channels that the configuration has no document for. */
  get missing(): readonly string[] {
    if (this.#base.schema.has(event)) return [];
    return [...(this.#base.schema.has(call) ? [] : ['call']), 'email', 'message', 'form', 'meeting'];
  }

  /** Null if the configuration has no document for the channel. */
  write(given: RemoteInteraction): RemoteWritten | null {
    if (this.missing.includes(given.channel)) return null;
    const set = this.#base.schema.has(event) ? event : call;
    const known = this.interactions.get(given.id);
    const object = (key: string) => ({ type: set, id: key });
    if (known !== undefined && known.given.revision >= given.revision)
      return { result: 'unchanged', object: object(known.key) };
    if (given.removed && known === undefined) return { result: 'removed', object: null };
    const row = given.removed ? { DeletionMark: true } : { DeletionMark: false, ...this.#rowOf(set, given) };
    const key =
      known === undefined
        ? textIn(this.#base.create(set, row), 'Ref_Key')
        : textIn(this.#base.change(set, known.key, row), 'Ref_Key');
    this.interactions.set(given.id, { given, key });
    if (set === call) this.#consider(key, given);
    return { result: given.removed ? 'removed' : known === undefined ? 'created' : 'updated', object: object(key) };
  }

  #rowOf(set: string, given: RemoteInteraction): Row {
    const at = this.#base.local(Date.parse(given.startedAt));
    const contact = this.#composite('Контакт', given.contact ?? given.client);
    const reach = (given.party.phone ?? given.party.email ?? '').slice(0, 100);
    if (set === event)
      return {
        Date: at,
        НачалоСобытия: at,
        ТипСобытия:
          given.channel === 'call' ? 'ТелефонныйЗвонок' : given.channel === 'email' ? 'ЭлектронноеПисьмо' : 'Прочее',
        ВходящееИсходящееСобытие: given.direction === 'inbound' ? 'Входящее' : 'Исходящее',
        Тема: given.subject,
        Тема_Type: 'Edm.String',
        Содержание: given.text,
        Участники: [{ LineNumber: '1', КакСвязаться: reach, ...contact }],
      };
    return {
      Date: at,
      Входящий: given.direction === 'inbound',
      АбонентКакСвязаться: reach,
      АбонентПредставление: given.party.name ?? reach,
      ...(contact.Контакт === undefined
        ? {}
        : { АбонентКонтакт: contact.Контакт, АбонентКонтакт_Type: contact.Контакт_Type ?? '' }),
      Тема: given.subject,
      Описание: given.recording === null ? given.text : `${given.text}\n${given.recording}`,
      Ответственный_Key: given.user ?? emptyRef,
      Автор_Key: given.user ?? emptyRef,
    };
  }

  #consider(key: string, given: RemoteInteraction): void {
    if (!this.#base.schema.has(subjects)) return;
    const { Контакт: deal, Контакт_Type: type } = this.#composite('Контакт', given.deal);
    this.#base.write(this.#base.entity(subjects), {
      Взаимодействие: key,
      Взаимодействие_Type: typeNameOf(call),
      Рассмотрено: given.considered,
      ...(deal === undefined ? {} : { Предмет: deal, Предмет_Type: type ?? '' }),
    });
  }

  /** A composite attribute that points to an object of ours; empty if the base has no such object. */
  #composite(name: string, reference: string | null): Row {
    const dash = reference?.indexOf('-') ?? -1;
    if (reference === null || dash < 0) return {};
    const key = reference.slice(dash + 1);
    const set = (setsByRole[reference.slice(0, dash)] ?? []).find(
      (one) => this.#base.schema.has(one) && this.#base.find(one, key) !== null,
    );
    return set === undefined ? {} : { [name]: key, [`${name}_Type`]: typeNameOf(set) };
  }
}

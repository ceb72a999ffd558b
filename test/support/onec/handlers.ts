import type { Infobase } from './infobase.ts';
import type { Entity } from './metadata/schema.ts';
import { interactionDocuments } from './presets/parts/interactions.ts';
import { emptyRef, type Row, rowsIn, textIn, typeNameOf } from './store/values.ts';

const register = 'InformationRegister_КонтактыВзаимодействий';
const texts = 'Catalog_СтроковыеКонтактыВзаимодействий';

/** Who takes part in an interaction: where the contact stands, and the text beside it. */
const participants: Readonly<
  Record<string, { readonly contact: string; readonly text: string; readonly sections: readonly string[] }>
> = {
  Document_ТелефонныйЗвонок: { contact: 'АбонентКонтакт', text: 'АбонентПредставление', sections: [] },
  Document_Встреча: { contact: 'Контакт', text: 'ПредставлениеКонтакта', sections: ['Участники'] },
  Document_ЗапланированноеВзаимодействие: {
    contact: 'Контакт',
    text: 'ПредставлениеКонтакта',
    sections: ['Участники'],
  },
  Document_СообщениеSMS: { contact: 'Контакт', text: 'ПредставлениеКонтакта', sections: ['Адресаты'] },
  Document_ЭлектронноеПисьмоВходящее: { contact: 'ОтправительКонтакт', text: 'ОтправительПредставление', sections: [] },
  Document_ЭлектронноеПисьмоИсходящее: {
    contact: 'Контакт',
    text: 'Представление',
    sections: ['ПолучателиПисьма', 'ПолучателиКопий', 'ПолучателиСкрытыхКопий'],
  },
};

/**
 * What БСП does when an interaction is written: the register of contacts is filled in anew, and a participant without a contact
 * becomes a text contact of that name. The document itself stays as it was written.
 */
export function contactsOfInteractions(base: Infobase): (entity: Entity, row: Row) => void {
  const recordsOf = new Map<string, readonly string[]>();
  const textContacts = new Map<string, string>();
  const textContact = (name: string): Row => {
    const known = base.find(texts, textContacts.get(name) ?? '');
    const row = known !== null && known.DeletionMark !== true ? known : base.create(texts, { Description: name });
    textContacts.set(name, textIn(row, 'Ref_Key'));
    return row;
  };
  return ({ set }, row) => {
    const where = participants[set];
    if (where === undefined || !base.schema.has(register) || !interactionDocuments.some((one) => one === set)) return;
    const store = base.store(register);
    const key = textIn(row, 'Ref_Key');
    for (const record of recordsOf.get(key) ?? []) store.remove(record);
    const rows = where.sections.length === 0 ? [row] : where.sections.flatMap((section) => rowsIn(row, section));
    const records = rows.map((one): Row => {
      const contact = textIn(one, where.contact);
      const isEmpty = contact === '' || contact === emptyRef;
      return {
        Взаимодействие: key,
        Взаимодействие_Type: typeNameOf(set),
        Контакт: isEmpty ? textIn(textContact(textIn(one, where.text).slice(0, 100)), 'Ref_Key') : contact,
        Контакт_Type: isEmpty ? typeNameOf(texts) : textIn(one, `${where.contact}_Type`),
      };
    });
    for (const record of records) store.put(record);
    recordsOf.set(
      key,
      records.map((record) => store.keyOf(record)),
    );
  };
}

import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Fields } from '../../../runtime/http/fields.ts';
import { baseTime } from '../api/times.ts';
import { existing, fitting, referring } from '../interactions/attributes.ts';
import { limited, rowsOf } from '../interactions/kinds/limited.ts';
import { callText, nameOf, subjectOf, writtenText } from '../interactions/words.ts';
import type { Mapping } from '../metadata/mapping.ts';

/** What a lead is made of. */
export interface LeadSources {
  readonly contact: Interaction;
  readonly mapping: Mapping;
  /** Whose it is, as attributes named Ответственный hold it; null if the base does not know the manager. */
  readonly responsible: string | null;
  /** The mark that it is found again by: 36 characters. */
  readonly mark: string;
  readonly timezone: string;
  /** The base's own source of clients that is named like the contact's; null if there is none. */
  readonly source: string | null;
}

/** The catalog of leads of УНФ. */
export const leadSet = 'Catalog_Лиды';
/** The lead of 1С:CRM. */
export const requestSet = 'Document_CRM_Заявка';

/** A lead of УНФ. Its attributes differ between releases, so only what exists is written. */
export function leadFields({ contact, mapping, responsible, mark, source }: LeadSources): Fields {
  return {
    ...limited({ Description: nameOf(contact) }, leadSet, mapping),
    ...referring('Ответственный', responsible),
    ...existing({ Комментарий: fitting(storyOf(contact, mark), leadSet, 'Комментарий', mapping) }, leadSet, mapping),
    ...(source !== null && mapping.has(leadSet, 'ИсточникПривлечения') && referring('ИсточникПривлечения', source)),
    КонтактнаяИнформация: rowsOf(waysOf(contact), 'КонтактнаяИнформация', leadSet, mapping),
  };
}

/** A request (CRM_Заявка) of 1С:CRM. The id of its event is our mark. */
export function requestFields({ contact, mapping, responsible, mark, timezone }: LeadSources): Fields {
  const { phone, email } = contact.party;
  return {
    Date: baseTime(Date.parse(contact.startedAt), timezone),
    ...limited(
      {
        Наименование: nameOf(contact),
        Телефон: phone ?? '',
        ЭлектроннаяПочта: email ?? '',
        ИДСобытия: mark,
        UTMМетка: contact.attribution?.campaign ?? '',
        Тема: subjectOf(contact),
        Комментарий: storyOf(contact, mark),
      },
      requestSet,
      mapping,
    ),
    ...referring('Ответственный', responsible),
  };
}

/** What the contact said, where it came from, and our mark. */
function storyOf(contact: Interaction, mark: string): string {
  const said = contact.channel === 'call' ? callText(contact) : writtenText(contact);
  return [said, `Patchbay ${mark}`].join('\n\n');
}

function waysOf({ party: { phone, email } }: Interaction): readonly Fields[] {
  return [
    ...(phone === null ? [] : [{ Тип: 'Телефон', Представление: phone, НомерТелефона: phone.replace(/\D/g, '') }]),
    ...(email === null ? [] : [{ Тип: 'АдресЭлектроннойПочты', Представление: email, АдресЭП: email }]),
  ];
}

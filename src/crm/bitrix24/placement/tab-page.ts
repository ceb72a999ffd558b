import { escapeHtml } from '../../../domain/base/escape-html.ts';
import type { Channel, Direction, Interaction } from '../../../domain/interaction/interaction.ts';
import { type PageLanguage, pageIn } from './framed.ts';

/** What the tab shows. */
export interface TabContent {
  readonly language: PageLanguage;
  readonly timezone: string;
  readonly contacts: readonly Interaction[];
  /** Token and address for earlier contacts; null if there are none. */
  readonly more: { readonly token: string; readonly address: string } | null;
}

/** The longest beginning of a text that is shown. */
const maxText = 300;

const words = {
  ru: {
    call: 'Звонок',
    email: 'Письмо',
    message: 'Сообщение',
    form: 'Форма',
    meeting: 'Встреча',
    inbound: 'входящий контакт',
    outbound: 'исходящий контакт',
    internal: 'внутренний контакт',
    missed: 'пропущен',
    seconds: 'с',
    more: 'Показать более ранние',
    none: 'Обращений пока нет.',
    refused: 'Нет доступа. Откройте карточку заново.',
  },
  en: {
    call: 'Call',
    email: 'Letter',
    message: 'Message',
    form: 'Form',
    meeting: 'Meeting',
    inbound: 'inbound',
    outbound: 'outbound',
    internal: 'internal',
    missed: 'missed',
    seconds: 's',
    more: 'Show earlier contacts',
    none: 'There are no contacts yet.',
    refused: 'Access denied. Open the card again.',
  },
} as const satisfies Record<PageLanguage, Record<Channel | Direction | string, string>>;

/** The page with a client's contacts over all channels. */
export function tabPage({ language, timezone, contacts, more }: TabContent): string {
  const said = words[language];
  const rows = contacts.map((one) => `<li>${row(one, language, timezone)}</li>`).join('');
  const form =
    more === null
      ? ''
      : `<form method="post" action="${escapeHtml(more.address)}"><input type="hidden" name="more" value="${escapeHtml(more.token)}">
<button>${said.more}</button></form>`;
  return pageIn(language, rows === '' ? `<p>${said.none}</p>` : `<ul>${rows}</ul>${form}`);
}

/** The page for somebody who may not see the contacts. */
export function refusalPage(language: PageLanguage): string {
  return pageIn(language, `<p>${words[language].refused}</p>`);
}

function row(contact: Interaction, language: PageLanguage, timezone: string): string {
  const said = words[language];
  const { channel, direction, state, startedAt, talkSeconds, handledBy, line, subject, text } = contact;
  const at = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short', timeZone: timezone });
  const facts = [
    said[direction],
    ...(state === 'missed' ? [said.missed] : []),
    ...(talkSeconds === null ? [] : [`${talkSeconds} ${said.seconds}`]),
    ...(line === null ? [] : [line.label]),
    ...(handledBy === null ? [] : [handledBy.name]),
  ];
  const content = [subject, text].filter((one) => one !== null && one !== '').join(' – ');
  const shown = content.length > maxText ? `${content.slice(0, maxText)}…` : content;
  return `<time datetime="${startedAt}">${at.format(new Date(startedAt))}</time> <b>${said[channel]}</b>
<small>${escapeHtml(facts.join(', '))}</small>${shown === '' ? '' : `<p>${escapeHtml(shown)}</p>`}`;
}

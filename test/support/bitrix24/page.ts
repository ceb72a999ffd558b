import type { PortalCore } from './core.ts';
import { cardName } from './crm/card-changes.ts';
import { cardView } from './crm/card-view.ts';
import type { Activity, CardKind } from './state.ts';
import { type Fields, itemsOf, textOf } from './values.ts';

const shown = 50;

/** The page that shows what the portal holds. A phone number is a button that calls it. */
export function portalPage(core: PortalCore): string {
  const { state } = core;
  const kinds = ['LEAD', 'DEAL', 'CONTACT', 'COMPANY'] as const;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Scripted Bitrix24 portal</title>
<style>${style}</style></head><body>
<h1>Scripted Bitrix24 portal, not Bitrix24</h1>
<p>A stand-in for tests and the demo. Click a phone number to call it as the person responsible for the card.</p>
<main>
${kinds.map((kind) => cardsOf(core, kind)).join('\n')}
${section(
  'Calls',
  [...state.statistics.values()].slice(-shown).reverse(),
  (row) =>
    `${row.type === 1 ? 'to' : 'from'} ${escaped(row.phone)}, ${escaped(row.startedAt)}, ${row.duration} s, code ${escaped(row.code)},
    ${escaped(userName(core, row.userId))}${row.recordFileId === null ? '' : ` <audio controls src="/file/${row.recordFileId}"></audio>`}`,
)}
${section(
  'Cards that are open now',
  [...state.calls.values()].filter(({ shownTo }) => shownTo.size > 0).slice(-shown),
  (call) =>
    `<span class="popped" data-call="${escaped(call.id)}">${escaped(call.phone)} at
    ${escaped([...call.shownTo].map((id) => userName(core, id)).join(', '))}</span>`,
)}
${section(
  'Chats',
  [...state.chats.values()].slice(-shown),
  (chat) =>
    `${escaped(chat.connector)}: ${chat.messages.map(({ from, text, status }) => `<br>${from} (${status}): ${escaped(text)}`).join('')}`,
)}
</main><script>${refresh}</script></body></html>`;
}

// Shows changes, unless somebody listens to a record.
const refresh = `setInterval(async () => {
  if ([...document.querySelectorAll('audio')].some((sound) => !sound.paused)) return;
  const text = await (await fetch('/')).text();
  const main = new DOMParser().parseFromString(text, 'text/html').querySelector('main');
  const shown = document.querySelector('main');
  if (shown.innerHTML !== main.innerHTML) shown.innerHTML = main.innerHTML;
}, 2000)`;

const style = `body{font:15px system-ui;margin:2rem;max-width:60rem}h1{color:#b00}form{display:inline}
button.phone{border:0;background:none;color:#06c;text-decoration:underline;cursor:pointer;font:inherit}
li{margin:.4rem 0}small{color:#555}`;

function cardsOf(core: PortalCore, kind: CardKind): string {
  const cards = core.cards[kind].latest(shown);
  return section(`${kind.charAt(0)}${kind.slice(1).toLowerCase()} cards`, cards, (card) => {
    const link = { kind, id: Number(card.ID) };
    const phones = (itemsOf(card.PHONE) ?? []).map((item) => textOf((item as Fields).VALUE) ?? '');
    const responsible = Number(textOf(card.ASSIGNED_BY_ID) ?? 1);
    const { activities = [], comments = [] } = cardView(core, link) ?? {};
    return `<b>${escaped(cardName(core, link))}</b> ${phones.map((phone) => callButton(phone, responsible)).join(' ')}
      <small>${escaped(userName(core, responsible))}</small>
      <ul>${activities.map((one) => `<li class="activity">${activityLine(core, one)}</li>`).join('')}
      ${comments.map(({ text }) => `<li>${escaped(text)}</li>`).join('')}</ul>`;
  });
}

function activityLine(core: PortalCore, { fields }: Activity): string {
  const files = (fields.FILES ?? []) as readonly { readonly id: number }[];
  const sounds = files.map(({ id }) =>
    /\.(mp3|wav)$/i.test(core.state.files.get(id)?.name ?? '')
      ? `<audio controls src="/file/${id}"></audio>`
      : `<a href="/file/${id}">file</a>`,
  );
  const done = fields.COMPLETED === 'Y' ? 'done' : 'open';
  return `${escaped(textOf(fields.SUBJECT) ?? '')} <small>${done}</small> ${sounds.join(' ')}`;
}

function callButton(phone: string, userId: number): string {
  return `<form method="post" action="/click"><input type="hidden" name="user" value="${userId}">
    <button class="phone" name="number" value="${escaped(phone)}">${escaped(phone)}</button></form>`;
}

function userName(core: PortalCore, id: number): string {
  const user = core.state.users.get(id);
  return user === undefined ? `user ${id}` : [user.name, user.lastName].filter((part) => part !== undefined).join(' ');
}

function section<Row>(title: string, rows: readonly Row[], line: (row: Row) => string): string {
  if (rows.length === 0) return '';
  return `<h2>${title}</h2><ul>${rows.map((row) => `<li>${line(row)}</li>`).join('')}</ul>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

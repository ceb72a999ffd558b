import type { Interaction } from '../../src/domain/interaction.ts';
import { phoneText } from './format.ts';
import type { Words } from './words.ts';

/** Whom a call is from, in one line. */
export function callerText(interaction: Interaction, text: Words): string {
  const { client, party } = interaction;
  if (client !== null) return client.name;
  if (party.withheld) return text.withheld;
  return party.phone === null ? party.raw || text.withheld : phoneText(party.phone);
}

/** Tells of a call by a desktop notification, when the page is not being looked at. */
export function announce(interaction: Interaction, text: Words): void {
  if (!document.hidden || !('Notification' in window) || Notification.permission !== 'granted') return;
  const note = new Notification(callerText(interaction, text), {
    body: `${text.ringing} · ${interaction.line?.label ?? ''}`,
    tag: interaction.id,
    icon: '/icon.svg',
  });
  note.onclick = () => {
    window.focus();
    note.close();
  };
}

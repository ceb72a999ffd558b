import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import type { Words } from '../i18n/russian.ts';
import { phoneText } from './format.ts';

/** Who an interaction is with, in one line. */
export function callerText(interaction: Interaction, text: Words): string {
  const { client, party } = interaction;
  if (client !== null) return client.name;
  if (party.withheld) return text.withheld;
  if (party.phone !== null) return phoneText(party.phone);
  if (interaction.channel === 'call') return party.raw || text.withheld;
  return party.name ?? party.email ?? party.account?.username ?? text.unknownParty;
}

/** Shows a desktop notification while the page is hidden. */
export function announce(interaction: Interaction, text: Words): void {
  if (!document.hidden || !('Notification' in window) || Notification.permission !== 'granted') return;
  const note = new Notification(callerText(interaction, text), {
    body: `${interaction.channel === 'call' ? text.ringing : text[interaction.channel]} · ${interaction.line?.label ?? ''}`,
    tag: interaction.id,
    icon: '/icon.svg',
  });
  note.onclick = () => {
    window.focus();
    note.close();
  };
}

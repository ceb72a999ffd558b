import { hasTranscript } from '../call/transcript.ts';
import type { Interaction } from '../interaction/interaction.ts';

/** Whether an interaction has texts to search: everything written, and calls with notes, a text or a transcript. */
export function isSearchable(interaction: Interaction): boolean {
  const { channel, notes, text } = interaction;
  return channel !== 'call' || notes.length > 0 || text !== null || hasTranscript(interaction);
}

/** Everything of an interaction that can be searched for, the most important first; without its transcripts. */
export function searchableTexts(interaction: Interaction): readonly string[] {
  const { subject, text, notes, attachments, party, participants, client, contact } = interaction;
  const named = [party.name, party.email, party.phone, party.ext, party.account?.username, client?.name, contact?.name];
  const others = participants.flatMap((one) => [one.name, one.email, one.client?.name, one.contact?.name]);
  return [subject, ...named, ...others, ...attachments.map(({ name }) => name), ...notes.map((note) => note.text), text]
    .filter((one) => one != null)
    .filter((one) => one !== '');
}

import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../../i18n/language.tsx';
import { useDesk } from '../../../session/desk.tsx';
import { useDraft } from '../../../session/drafts.ts';

/** The notes of an interaction, and a form for another one. */
export function NoteForm({ interaction }: { readonly interaction: Interaction }) {
  const text = useText();
  const { send } = useDesk();
  const [draft, setDraft] = useDraft(`note:${interaction.id}`);
  const note = draft.trim();
  return (
    <section>
      <h2>{text.note}</h2>
      {interaction.notes.map(({ at, by, text: body }) => (
        <p key={at} class="note">
          {body} <span class="quiet">{by.name}</span>
        </p>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (note !== '' && send({ type: 'note', interaction: interaction.id, text: note })) setDraft('');
        }}
      >
        <textarea
          aria-label={text.note}
          rows={2}
          maxLength={10_000}
          placeholder={text.noteHint}
          value={draft}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          }}
          onInput={(event) => setDraft(event.currentTarget.value)}
        />
        <button type="submit" class="primary" title="Ctrl+Enter" disabled={note === ''}>
          {text.saveNote}
        </button>
      </form>
    </section>
  );
}

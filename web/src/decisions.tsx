import { useEffect, useState } from 'preact/hooks';
import type { ClientMessage } from '../../src/desk/protocol.ts';
import type { Client } from '../../src/domain/directory/client.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { findClients } from './api.ts';
import { useDraft } from './drafts.ts';
import type { Words } from './words/russian.ts';

interface Deciding {
  readonly interaction: Interaction;
  readonly text: Words;
  send(message: ClientMessage): boolean;
}

/** Nobody, or several: the operator says who it is. The digits 1–9 choose among those listed. */
export function Candidates({ interaction, text, send }: Deciding) {
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<readonly Client[]>([]);
  const listed = interaction.match.candidates;
  const choose = (client: string) => send({ type: 'choose', interaction: interaction.id, client });

  useEffect(() => {
    if (query.trim().length < 2) return setFound([]);
    const timer = setTimeout(() => findClients(query.trim()).then(setFound, () => setFound([])), 200);
    return () => clearTimeout(timer);
  }, [query]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      const candidate = listed[Number(event.key) - 1];
      if (!typing && !event.ctrlKey && !event.altKey && !event.metaKey && candidate !== undefined)
        choose(candidate.client.id);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });

  return (
    <section class="candidates">
      {listed.length > 0 && <p>{listed.every(({ via }) => via.kind === 'domain') ? text.sameDomain : text.whoIsIt}</p>}
      <ul class="plain choices">
        {listed.map((candidate, i) => (
          <li key={candidate.client.id}>
            <kbd>{i + 1}</kbd>
            <span>
              {candidate.client.name}
              {candidate.contact !== null && <span class="quiet">{candidate.contact.name}</span>}
            </span>
            <button type="button" onClick={() => choose(candidate.client.id)}>
              {text.choose}
            </button>
          </li>
        ))}
      </ul>
      <label>
        {text.find}
        <input type="search" value={query} maxLength={100} onInput={(event) => setQuery(event.currentTarget.value)} />
      </label>
      <ul class="plain choices">
        {found.map((client) => (
          <li key={client.id}>
            <span>{client.name}</span>
            <button type="button" onClick={() => choose(client.id)}>
              {text.choose}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How the call came out, one of a few; pressing it again takes it back. */
export function Outcome({ interaction, text, send }: Deciding) {
  const outcomes = { sale: text.sale, solved: text.solved, call_back: text.callBack, not_ours: text.notOurs };
  const given = interaction.disposition;
  const foreign = given !== null && !Object.hasOwn(outcomes, given) ? { [given]: given } : {};
  return (
    <fieldset class="outcome">
      <legend>{text.result}</legend>
      {Object.entries({ ...outcomes, ...foreign }).map(([value, label]) => (
        <button
          type="button"
          key={value}
          aria-pressed={value === given}
          onClick={() =>
            send({ type: 'disposition', interaction: interaction.id, value: value === given ? null : value })
          }
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

/** What was noted, and what is noted now. */
export function NoteForm({ interaction, text, send }: Deciding) {
  const [draft, setDraft] = useDraft(`note:${interaction.id}`);
  return (
    <section>
      <h2>{text.note}</h2>
      {interaction.notes.map((note) => (
        <p key={note.at} class="note">
          {note.text} <span class="quiet">{note.by.name}</span>
        </p>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (draft.trim() !== '' && send({ type: 'note', interaction: interaction.id, text: draft.trim() }))
            setDraft('');
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
        <button type="submit" class="primary" title="Ctrl+Enter" disabled={draft.trim() === ''}>
          {text.saveNote}
        </button>
      </form>
    </section>
  );
}

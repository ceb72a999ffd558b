import { useState } from 'preact/hooks';
import type { Interaction, Named } from '../../src/domain/interaction/interaction.ts';
import { ownerOf } from '../../src/domain/written/conversation.ts';
import { closeConversation, colleagues, handOver } from './api.ts';
import type { Words } from './words/russian.ts';

interface ActsProps {
  /** The latest contact of the conversation. */
  readonly latest: Interaction;
  readonly text: Words;
  onFailed(): void;
}

/** What a manager does with a conversation besides answering: gives it to a colleague, or says that it is over. */
export function ConversationActs({ latest, text, onFailed }: ActsProps) {
  const [others, setOthers] = useState<readonly Named[] | null>(null);
  const [to, setTo] = useState('');
  const [note, setNote] = useState('');
  const owner = ownerOf(latest);
  const open = () =>
    others !== null
      ? setOthers(null)
      : colleagues().then((found) => {
          const able = found.filter(({ id }) => id !== owner?.id);
          setOthers(able);
          setTo(able[0]?.id ?? '');
        }, onFailed);
  const give = () =>
    handOver(latest.id, to, note.trim()).then(() => {
      setOthers(null);
      setNote('');
    }, onFailed);
  return (
    <div class="acts">
      <p class="about">
        {owner !== null && (
          <span>
            {text.conversationOf}: <b>{owner.name}</b>
          </span>
        )}
        {latest.closed != null && <span class="chip">{text.closedConversation}</span>}
        <button type="button" class="small" aria-expanded={others !== null} onClick={open}>
          {text.handOver}
        </button>
        {latest.closed == null && (
          <button type="button" class="small" onClick={() => closeConversation(latest.id).catch(onFailed)}>
            {text.closeConversation}
          </button>
        )}
      </p>
      {others !== null && (
        <form
          class="answer"
          aria-label={text.handOver}
          onSubmit={(event) => {
            event.preventDefault();
            if (to !== '') void give();
          }}
        >
          <select aria-label={text.handOverTo} value={to} onChange={(event) => setTo(event.currentTarget.value)}>
            {others.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <textarea
            aria-label={text.handOverNote}
            placeholder={text.handOverNote}
            rows={2}
            maxLength={2000}
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
          <button type="submit" class="primary" disabled={to === ''}>
            {text.handOver}
          </button>
        </form>
      )}
    </div>
  );
}

/** Who gave the conversation to whom while a contact was its latest. */
export function Handovers({ contact, text }: { readonly contact: Interaction; readonly text: Words }) {
  return (
    <>
      {(contact.handovers ?? []).map(({ from, to, at, note }) => (
        <li key={at} class="handover quiet">
          {text.handedOver}: {from?.name ?? text.nobodys} → {to.name}
          {note !== null && `: ${note}`}
        </li>
      ))}
    </>
  );
}

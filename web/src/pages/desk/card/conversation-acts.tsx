import { useState } from 'preact/hooks';
import type { Interaction, Named } from '../../../../../src/domain/interaction/interaction.ts';
import { ownerOf } from '../../../../../src/domain/written/conversation.ts';
import { useText } from '../../../i18n/language.tsx';
import { closeConversation, colleagues, handOver } from '../../../session/api.ts';
import { useDesk } from '../../../session/desk.tsx';

/** Hands a conversation over to a colleague, or closes it. `latest`: its latest message. */
export function ConversationActs({ latest }: { readonly latest: Interaction }) {
  const text = useText();
  const { setFailed } = useDesk();
  const [others, setOthers] = useState<readonly Named[] | null>(null);
  const owner = ownerOf(latest);
  const fail = () => setFailed(true);
  const toggle = () =>
    others !== null
      ? setOthers(null)
      : colleagues().then((all) => setOthers(all.filter(({ id }) => id !== owner?.id)), fail);
  return (
    <div class="acts">
      <p class="about">
        {owner !== null && (
          <span>
            {text.conversationOf}: <b>{owner.name}</b>
          </span>
        )}
        {latest.closed != null && <span class="chip">{text.closedConversation}</span>}
        <button type="button" class="small" aria-expanded={others !== null} onClick={toggle}>
          {text.handOver}
        </button>
        {latest.closed == null && (
          <button type="button" class="small" onClick={() => closeConversation(latest.id).catch(fail)}>
            {text.closeConversation}
          </button>
        )}
      </p>
      {others !== null && (
        <HandoverForm
          others={others}
          onHandOver={(to, note) => handOver(latest.id, to, note).then(() => setOthers(null), fail)}
        />
      )}
    </div>
  );
}

interface HandoverFormProps {
  readonly others: readonly Named[];
  onHandOver(to: string, note: string): void;
}

function HandoverForm({ others, onHandOver }: HandoverFormProps) {
  const text = useText();
  const [to, setTo] = useState(others[0]?.id ?? '');
  const [note, setNote] = useState('');
  return (
    <form
      class="answer"
      aria-label={text.handOver}
      onSubmit={(event) => {
        event.preventDefault();
        if (to !== '') onHandOver(to, note.trim());
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
  );
}

/** Handovers of the conversation while a message was its latest. */
export function Handovers({ contact }: { readonly contact: Interaction }) {
  const text = useText();
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

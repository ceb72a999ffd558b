import type { Lead, TaskView } from '../../src/domain/follow-up/follow-up.ts';
import type { Party } from '../../src/domain/interaction/interaction.ts';
import { CallBack } from './calling.tsx';
import { momentText, phoneText } from './format.ts';
import type { Words } from './words/russian.ts';
import type { Language } from './words.ts';

interface ListProps {
  readonly text: Words;
  readonly language: Language;
  readonly now: Date;
  readonly timezone: string;
  onOpen(interaction: string): void;
}

/** What this manager owes, the most urgent first; what is late catches the eye. */
export function Owed({
  tasks,
  onDone,
  ...props
}: ListProps & { readonly tasks: readonly TaskView[]; onDone(id: string): void }) {
  const { text, language, now, timezone, onOpen } = props;
  if (tasks.length === 0) return null;
  return (
    <section class="owed" aria-label={text.owed}>
      <h2>
        {text.owed} <span class="count">{tasks.length}</span>
      </h2>
      <ul class="list">
        {tasks.map((task) => (
          <li key={task.id} class={task.overdue ? 'item late' : 'item'}>
            <button
              type="button"
              class="row"
              disabled={task.interaction === null}
              onClick={() => task.interaction !== null && onOpen(task.interaction)}
            >
              <span class="arrow" role="img" aria-label={text[task.kind]}>
                {{ call_back: '☎', answer: '✉', other: '•' }[task.kind]}
              </span>
              <span class="name">{task.client?.name ?? partyText(task.party, text)}</span>
              {task.dueAt !== null && (
                <time dateTime={task.dueAt}>{momentText(task.dueAt, language, now, timezone)}</time>
              )}
              <span class="detail">
                {task.kind === 'other' ? task.text : [text[task.kind], task.text].filter(Boolean).join(' · ')}
                {task.overdue ? ` · ${text.late}` : ''}
              </span>
            </button>
            {task.party !== null && task.party.phone !== null && (
              <CallBack phone={task.party.phone} interaction={task.interaction} />
            )}
            <button
              type="button"
              class="small"
              title={text.done}
              aria-label={`${text.done}: ${partyText(task.party, text)}`}
              onClick={() => onDone(task.id)}
            >
              ✓
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The pool: who has come to us and is nobody's yet. */
export function Leads({
  leads,
  onTake,
  ...props
}: ListProps & { readonly leads: readonly Lead[]; onTake(lead: Lead): void }) {
  const { text, language, now, timezone, onOpen } = props;
  if (leads.length === 0) return null;
  return (
    <section class="owed" aria-label={text.leads}>
      <h2>
        {text.leads} <span class="count">{leads.length}</span>
      </h2>
      <ul class="list">
        {leads.map((lead) => (
          <li key={lead.id} class="item">
            <button type="button" class="row" onClick={() => onOpen(lead.latest)}>
              <span class="arrow" role="img" aria-label={text[lead.channel]}>
                {channelSign[lead.channel]}
              </span>
              <span class="name">{lead.party.name ?? partyText(lead.party, text)}</span>
              <time dateTime={lead.updatedAt}>{momentText(lead.updatedAt, language, now, timezone)}</time>
              <span class="detail">
                {[lead.line?.label, lead.attribution?.campaign].filter(Boolean).join(' · ') || text[lead.channel]}
                {lead.contacts > 1 ? ` · ×${lead.contacts}` : ''}
              </span>
            </button>
            <button type="button" class="small" onClick={() => onTake(lead)}>
              {text.take}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A sign for each channel, of those that every font has; its name is said beside it. */
export const channelSign = { call: '☎', email: '✉', message: '❝', form: '✎', meeting: '☕' } as const;

function partyText(party: Party | null, text: Words): string {
  if (party === null) return text.nobody;
  if (party.phone !== null) return phoneText(party.phone);
  return party.email ?? party.account?.username ?? party.name ?? (party.raw || text.nobody);
}

import type { TaskView } from '../../../../src/domain/follow-up/follow-up.ts';
import { useText } from '../../i18n/language.tsx';
import { CallBack } from '../../parts/calling.tsx';
import { useMoment } from '../../session/clock.tsx';
import { useOpenById } from './open-by-id.ts';
import { partyText } from './party-text.ts';

const signs = { call_back: '☎', answer: '✉', other: '•' } as const;

interface TasksProps {
  readonly tasks: readonly TaskView[];
  onDone(id: string): void;
}

/** Tasks, the most urgent first; overdue ones stand out. */
export function Tasks({ tasks, onDone }: TasksProps) {
  const text = useText();
  if (tasks.length === 0) return null;
  return (
    <section class="owed" aria-label={text.tasks}>
      <h2>
        {text.tasks} <span class="count">{tasks.length}</span>
      </h2>
      <ul class="list">
        {tasks.map((task) => (
          <TaskRow key={task.id} task={task} onDone={() => onDone(task.id)} />
        ))}
      </ul>
    </section>
  );
}

function TaskRow({ task, onDone }: { readonly task: TaskView; onDone(): void }) {
  const text = useText();
  const moment = useMoment();
  const openById = useOpenById();
  const { kind, interaction, latest, contacts, client, party, dueAt, overdue, escalatedAt } = task;
  const shown = latest ?? interaction;
  return (
    <li class={overdue ? 'item late' : 'item'}>
      <button type="button" class="row" disabled={shown === null} onClick={() => shown !== null && openById(shown)}>
        <span class="arrow" role="img" aria-label={text[kind]}>
          {signs[kind]}
        </span>
        <span class="name">
          {client?.name ?? partyText(party, text)}
          {contacts > 1 ? ` ×${contacts}` : ''}
        </span>
        {dueAt !== null && <time dateTime={dueAt}>{moment(dueAt)}</time>}
        <span class="detail">
          {kind === 'other' ? task.text : [text[kind], task.text].filter(Boolean).join(' · ')}
          {escalatedAt !== null ? ` · ${text.passedOn}` : ''}
          {overdue ? ` · ${text.late}` : ''}
        </span>
      </button>
      {party?.phone != null && <CallBack phone={party.phone} interaction={interaction} />}
      <button
        type="button"
        class="small"
        title={text.done}
        aria-label={`${text.done}: ${partyText(party, text)}`}
        onClick={onDone}
      >
        ✓
      </button>
    </li>
  );
}

import { useEffect, useState } from 'preact/hooks';
import type { Lead, TaskView } from '../../src/domain/follow-up/follow-up.ts';
import { finishTask, openLeads, openTasks, takeLead } from './api.ts';
import { Leads, Owed } from './owed.tsx';
import type { Words } from './words/russian.ts';
import type { Language } from './words.ts';

interface FollowUpsProps {
  readonly manager: string | null;
  readonly text: Words;
  readonly language: Language;
  readonly now: Date;
  readonly timezone: string;
  onOpen(interaction: string): void;
  onFailed(): void;
}

/** News that come close together are read in one go; in milliseconds. */
const pause = 300;
/** Tasks fall due while nothing happens. */
const every = 60_000;
const news = new EventTarget();

/** The server told that a lead or task has changed. */
export function followUpsChanged(): void {
  news.dispatchEvent(new Event('changed'));
}

/** What this manager owes, and the pool of leads, read again whenever either changes. */
export function FollowUps({ manager, onFailed, ...props }: FollowUpsProps) {
  const [tasks, setTasks] = useState<readonly TaskView[]>([]);
  const [leads, setLeads] = useState<readonly Lead[]>([]);
  useEffect(() => {
    if (manager === null) return;
    let timer: number | undefined;
    const read = () => {
      openTasks(manager).then(setTasks, () => {});
      openLeads().then(setLeads, () => {});
    };
    const soon = () => {
      clearTimeout(timer);
      timer = window.setTimeout(read, pause);
    };
    const repeated = setInterval(read, every);
    news.addEventListener('changed', soon);
    read();
    return () => {
      clearInterval(repeated);
      clearTimeout(timer);
      news.removeEventListener('changed', soon);
    };
  }, [manager]);
  return (
    <>
      <Owed tasks={tasks} {...props} onDone={(id) => void finishTask(id).catch(onFailed)} />
      <Leads
        leads={leads}
        {...props}
        onTake={(lead) =>
          takeLead(lead.id).then(
            () => props.onOpen(lead.latest),
            () => onFailed(),
          )
        }
      />
    </>
  );
}

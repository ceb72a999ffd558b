import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Lead, TaskView } from '../../../../src/domain/follow-up/follow-up.ts';
import { useSession } from '../../session/account.tsx';
import { finishTask, openLeads, openTasks, takeLead } from '../../session/api.ts';
import { useDesk } from '../../session/desk.tsx';
import { useNews } from '../../session/news.ts';
import { Leads } from './leads.tsx';
import { useOpenById } from './open-by-id.ts';
import { Tasks } from './tasks.tsx';

/** Milliseconds between two readings without news: tasks fall due by themselves. */
const every = 60_000;

/** This manager's tasks and the pool of leads, up to date. `none`: shown if there are neither. */
export function FollowUps({ none = null }: { readonly none?: ComponentChildren }) {
  const { manager } = useSession();
  const { setFailed } = useDesk();
  const openById = useOpenById();
  const [tasks, setTasks] = useState<readonly TaskView[] | null>(null);
  const [leads, setLeads] = useState<readonly Lead[] | null>(null);
  const read = () => {
    if (manager === null) return;
    openTasks(manager).then(setTasks, () => {});
    openLeads().then(setLeads, () => {});
  };
  useNews('follow-ups', read, [manager], every);
  if (tasks?.length === 0 && leads?.length === 0) return <>{none}</>;
  return (
    <>
      <Tasks tasks={tasks ?? []} onDone={(id) => void finishTask(id).catch(() => setFailed(true))} />
      <Leads
        leads={leads ?? []}
        onTake={(lead) =>
          takeLead(lead.id).then(
            () => openById(lead.latest),
            () => setFailed(true),
          )
        }
      />
    </>
  );
}

import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useLanguage, useText } from '../../i18n/language.tsx';
import { plural } from '../../i18n/plural.ts';
import type { Words } from '../../i18n/russian.ts';
import { callerText } from '../../parts/alerts.ts';
import { addresses } from '../../session/addresses.ts';
import { type BulkResult, closeAll, handOverAll } from '../../session/inbox-api.ts';
import { BulkBar } from './bulk-bar.tsx';
import { FilterBar } from './filter-bar.tsx';
import { filtersIn, queryOf } from './filters.ts';
import { Rows } from './rows.tsx';
import { nothingSelected, pruned, type Selection } from './selection.ts';
import { useConversations } from './use-list.ts';

/** As many conversations as one request may name. */
const maxAtOnce = 200;

/** What became of the last act: how many were done, and why others were not. */
interface Report {
  readonly done: number;
  readonly refused: readonly string[];
}

/** The page of all open and unanswered conversations, to be handed over or closed in bulk. */
export function InboxPage() {
  const text = useText();
  const { query, route } = useLocation();
  const filters = filtersIn(query);
  const { items, counts, hasFailed, more, refresh } = useConversations(filters);
  const [selection, setSelection] = useState(nothingSelected);
  // Keys may come faster than the page is drawn, so each change starts from the latest selection.
  const latest = useRef(selection);
  const select = (change: (known: Selection) => Selection) => {
    latest.current = change(latest.current);
    setSelection(latest.current);
    return latest.current;
  };
  const [isBusy, setBusy] = useState(false);
  const [report, setReport] = useState<Report | null>(null);
  useEffect(() => {
    const ids = (items ?? []).map(({ id }) => id);
    select((known) => pruned(known, ids));
  }, [items]);
  const chosen = (items ?? []).filter(({ id }) => selection.selected.has(id)).slice(0, maxAtOnce);

  const act = async (kind: Act, run: (ids: readonly string[]) => Promise<readonly BulkResult[]>) => {
    setBusy(true);
    try {
      const results = await run(chosen.map(({ latest }) => latest.id));
      const refused = results.flatMap(({ id, problem }) => {
        const one = chosen.find(({ latest }) => latest.id === id);
        if (problem === null || one === undefined) return [];
        return [`${callerText(one.latest, text)}: ${whyNot(problem.type, kind, text)}`];
      });
      setReport({ done: results.length - refused.length, refused });
      select(() => nothingSelected);
    } catch {
      setReport({ done: 0, refused: [text.failed] });
    } finally {
      setBusy(false);
      refresh();
    }
  };

  return (
    <main class="page wide" id="content" aria-busy={items === null}>
      <h1>{text.conversations}</h1>
      <FilterBar
        filters={filters}
        counts={counts}
        onChange={(next) => {
          setReport(null);
          route(addresses.inbox + queryOf(next));
        }}
      />
      <BulkBar
        count={chosen.length}
        isBusy={isBusy}
        onHandOver={(to, note) => act('handOver', (ids) => handOverAll(ids, to, note))}
        onClose={() => act('close', closeAll)}
      />
      {report !== null && <Outcome report={report} />}
      {hasFailed && <p role="alert">{text.failed}</p>}
      {items?.length === 0 && <p>{filters.state === 'open' ? text.nothingOpen : text.nothingWaits}</p>}
      {items !== null && items.length > 0 && (
        <>
          <p class="quiet keys">{text.listKeys}</p>
          <Rows items={items} selection={selection} onSelect={select} />
        </>
      )}
      {more !== null && (
        <button type="button" onClick={more}>
          {text.more}
        </button>
      )}
    </main>
  );
}

function Outcome({ report: { done, refused } }: { readonly report: Report }) {
  const text = useText();
  const language = useLanguage();
  return (
    <div role="status" class="outcomes">
      {done > 0 && <p>{plural(language, done, text.bulkDone)}</p>}
      {refused.length > 0 && (
        <>
          <p class="problem">{text.notDone}</p>
          <ul class="plain">
            {refused.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

type Act = 'handOver' | 'close';

function whyNot(type: NonNullable<BulkResult['problem']>['type'], act: Act, text: Words): string {
  if (type === 'not-found') return text.notVisible;
  if (type === 'conflict') return act === 'close' ? text.alreadyClosed : text.alreadyTheirs;
  return text.notNow;
}

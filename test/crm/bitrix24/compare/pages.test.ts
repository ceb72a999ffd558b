import { describe, expect, it } from 'vitest';
import type { Answer, Portal } from '../../../../src/crm/bitrix24/api/portal.ts';
import { inBackground } from '../../../../src/crm/bitrix24/compare/background.ts';
import { allRows } from '../../../../src/crm/bitrix24/compare/pages.ts';
import { reason } from '../../../../src/domain/reasons/reasons.ts';
import { ServiceError } from '../../../../src/runtime/http/service-error.ts';

const { signal } = new AbortController();

/** A portal with one list of ids. `onPage` is called before each page, and may change the list. */
function portalWith(ids: number[], onPage: (page: number) => void = () => undefined): Portal & { requests: number } {
  let pages = 0;
  const answer = ({ after, start }: { readonly after: number; readonly start: number }): Answer => {
    pages += 1;
    onPage(pages);
    const rows = ids.filter((id) => id > after);
    return { result: rows.slice(start, start + 50).map((ID) => ({ ID })), next: null, total: rows.length };
  };
  const portal = {
    requests: 0,
    call: () => Promise.reject(new Error('not expected')),
    batch: async (commands: Readonly<Record<string, { readonly parameters: never }>>) => {
      portal.requests += 1;
      return Object.fromEntries(Object.entries(commands).map(([name, { parameters }]) => [name, answer(parameters)]));
    },
  };
  return portal as never;
}

async function read(portal: Portal): Promise<readonly number[]> {
  const found: number[] = [];
  const page = (after: number, start: number) => ({ method: 'list', parameters: { after, start } });
  for await (const { id } of allRows(page, portal, signal)) found.push(id);
  return found;
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('a list that is read whole', () => {
  it.each([
    [0, 1],
    [50, 1],
    [51, 2],
    [550, 2],
    [1200, 4],
  ])('%i rows take %i requests', async (rows, requests) => {
    const portal = portalWith(upTo(rows));
    expect(await read(portal)).toEqual(upTo(rows));
    expect(portal.requests).toBe(requests);
  });

  it('has every row that stays, though others come and go meanwhile', async () => {
    const ids = upTo(300);
    const portal = portalWith(ids, (page) => {
      if (page === 3) ids.splice(ids.indexOf(40), 1);
      if (page === 5) ids.push(301);
      if (page === 6) ids.splice(ids.indexOf(210), 2);
    });
    const found = new Set(await read(portal));
    expect(upTo(300).filter((id) => !found.has(id))).toEqual([]);
  });

  it('is given up if it is always shorter than announced', async () => {
    const portal: Portal = {
      ...portalWith([]),
      batch: async (commands) =>
        Object.fromEntries(Object.keys(commands).map((name) => [name, { result: [], next: null, total: 9 }])) as never,
    };
    await expect(read(portal)).rejects.toMatchObject({ trouble: 'later' });
  });
});

describe('a portal that is asked in the background', () => {
  it('is given the pauses that it names, and its other errors are passed on', async () => {
    const pause = new ServiceError('later', reason('limitReached', { service: 'Bitrix24' }), 1);
    const answers = [pause, pause, new ServiceError('later', pause.reason), { result: 1, next: null, total: null }];
    const urgencies: unknown[] = [];
    const call: Portal['call'] = async (_method, _parameters, { urgency }) => {
      urgencies.push(urgency);
      const next = answers.shift();
      if (next === undefined || next instanceof Error) throw next;
      return next;
    };
    const portal = inBackground({ ...portalWith([]), call });
    await expect(portal.call('a', {}, { signal })).rejects.toMatchObject({ after: null });
    expect(await portal.call('a', {}, { signal })).toMatchObject({ result: 1 });
    expect(urgencies).toEqual(Array(4).fill('background'));
  });
});

import { describe, expect, it } from 'vitest';
import { portalError } from '../../../../src/crm/bitrix24/api/errors.ts';
import type { Answer, Command, Portal } from '../../../../src/crm/bitrix24/api/portal.ts';
import { Lists } from '../../../../src/crm/bitrix24/directory/lists.ts';

const { signal } = new AbortController();

/** A portal that answers commands one by one, as no scripted portal would. */
function listsOf(answer: (command: Command) => Answer | Error): Lists {
  const portal: Portal = {
    call: async () => {
      throw new Error('not expected');
    },
    batch: async (commands) =>
      Object.fromEntries(Object.entries<Command>(commands).map(([name, command]) => [name, answer(command)])) as never,
  };
  return new Lists(portal, { signal });
}

const answered = (result: unknown, total: number | null = null): Answer => ({ result, total, next: null });
const failed = (error: string, error_description: string) =>
  portalError({ error, error_description }, 400, null) as Error;
const rows = (from: number, count: number) => Array.from({ length: count }, (_, i) => ({ ID: String(from + i) }));
const query = { kind: 'contact', filter: {}, select: ['ID'] } as const;

describe('lists of a portal', () => {
  it.each([
    ['no list', answered({})],
    ['a row without an id', answered([{ NAME: 'x' }])],
    ['a row that is no object', answered([null])],
    ['ids that do not rise', answered([{ ID: '2' }, { ID: '2' }])],
    ['rows from the beginning', answered([{ ID: '1' }])],
    ['an error', failed('', 'Something')],
  ])('are refused as a whole with %s', async (_, answer) => {
    await expect(listsOf(() => answer).pages(query, 1, 1)).rejects.toMatchObject({ name: 'ServiceError' });
  });

  it('end at the first short page, because the commands after it have no id to begin with', async () => {
    const answers = [answered(rows(1, 50)), answered(rows(51, 3)), answered(rows(1, 50))];
    const found = await listsOf(() => answers.shift() ?? answered([])).pages(query, 0, 3);
    expect(found.at(-1)?.id).toBe(53);
  });

  it('are read to their end', async () => {
    const starts: unknown[] = [];
    const lists = listsOf(({ parameters }) => {
      const after = Number((parameters.filter as Record<string, unknown>)['>ID']);
      starts.push(after);
      return answered(rows(after + 1, after === 100 ? 7 : 50));
    });
    const [found] = await lists.whole([query]);
    expect(found).toHaveLength(107);
    expect(starts).toEqual([0, 50, 100]);
  });

  it('are not empty only because an answer is: the count has to say so', async () => {
    await expect(listsOf(() => answered([])).heads(['contact'])).rejects.toMatchObject({ trouble: 'later' });
    await expect(listsOf(() => answered([], 5)).heads(['contact'])).rejects.toMatchObject({ trouble: 'later' });
    expect(await listsOf(() => answered([], 0)).heads(['contact'])).toEqual(
      new Map([['contact', { highest: 0, total: 0 }]]),
    );
  });

  it('do not give rows that nobody asked for', async () => {
    await expect(listsOf(() => answered(rows(1, 2))).byIds('contact', [1], ['ID'])).rejects.toMatchObject({
      trouble: 'later',
    });
  });
});

describe('a card that a list does not have', () => {
  it('is gone only if the portal says that there is none', async () => {
    const answers = new Map<number, Answer | Error>([
      [1, failed('', 'Not found')],
      [2, failed('ACCESS_DENIED', 'Access denied.')],
      [3, answered({ ID: '3' })],
      [4, failed('', 'Access denied.')],
    ]);
    const lists = listsOf(({ parameters }) => answers.get(Number(parameters.id)) ?? answered(null));
    expect(await lists.gone('contact', [1, 2, 3, 4])).toEqual([1]);
  });

  it('is asked for again if the portal was busy', async () => {
    const lists = listsOf(() => failed('QUERY_LIMIT_EXCEEDED', 'Too many requests'));
    await expect(lists.gone('contact', [1])).rejects.toMatchObject({ trouble: 'later' });
  });
});

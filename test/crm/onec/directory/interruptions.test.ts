import { describe, expect, it } from 'vitest';
import { patience } from '../../../support/directory-reading.ts';
import type { OnecFault } from '../../../support/onec/faults.ts';
import { openOnec } from './reading.ts';

const many = (count: number) => ({
  clients: { count, make: (n: number) => ({ name: `N${n}`, phones: [`+7916${String(n).padStart(7, '0')}`] }) },
});

describe('a reading of 1C that is interrupted', () => {
  it.each<OnecFault>([
    'malformed',
    'empty',
    'html',
    'login-page',
    'cut-after',
    '500',
    'no-licence',
    'closed-for-update',
    'closed-for-sessions',
    'exclusive',
  ])('goes on after %s, and loses nobody', async (fault) => {
    const { onec, read, ids, states } = await openOnec(many(90));
    onec.faults.on('GET Catalog_Партнеры', fault, { nth: 3 });
    onec.faults.on('GET Catalog_КонтактныеЛицаПартнеров', fault, { nth: 3 });
    read({ directory: { page: 20 } });
    await expect.poll(() => ids('base'), patience).toHaveLength(90);
    await expect.poll(() => states.at(-1), patience).toBe('base ready');
    expect(onec.faults.happened.length).toBeGreaterThan(0);
    expect(onec.state.complaints).toEqual([]);
  });

  it('goes on after a restart where it stopped', async () => {
    const { onec, read, ids, progress } = await openOnec(many(200));
    onec.faults.on('GET Catalog_КонтактныеЛицаПартнеров', '503', { nth: 5, times: 1000 });
    const reader = read({ directory: { page: 20 } });
    await expect.poll(() => progress.at(-1)?.read ?? 0, patience).toBeGreaterThanOrEqual(40);
    await reader.stop();
    onec.faults.clear();
    const asked = onec.asked.length;
    read({ directory: { page: 20 } });
    await expect.poll(() => ids('base'), patience).toHaveLength(200);
    const pages = onec.asked
      .slice(asked)
      .filter(({ target }) => decodeURIComponent(target).includes('select=Ref_Key,Description,ОсновнойМенеджер_Key'));
    expect(pages.length).toBeLessThan(10);
    expect(progress.at(-1)).toEqual({ read: 200, total: 200 });
  });

  it('never takes a spoiled sweep for deletions', async () => {
    const { onec, read, ids, states } = await openOnec(many(50));
    read();
    await expect.poll(() => ids('base'), patience).toHaveLength(50);
    await expect.poll(() => states.at(-1), patience).toBe('base ready');
    const sweeps = () => onec.state.counts.get('GET Catalog_Партнеры') ?? 0;
    for (const fault of ['malformed', 'empty', 'login-page'] as const) {
      onec.faults.on('GET Catalog_Партнеры', fault);
      const before = sweeps();
      await expect.poll(sweeps, patience).toBeGreaterThan(before + 3);
    }
    // A page that looks well, and lacks everybody.
    onec.next.push({ headers: { 'content-type': 'application/json;charset=utf-8' }, body: '{"value":[]}' });
    const before = sweeps();
    await expect.poll(sweeps, patience).toBeGreaterThan(before + 5);
    expect(await ids('base')).toHaveLength(50);
  });

  it('waits while the user may not read, and says so', async () => {
    const { read, states, reasons } = await openOnec({
      ...many(10),
      users: [{ name: 'Обмен', password: 'секрет', rights: { Catalog_Контрагенты: 'none' } }],
    });
    read();
    await expect.poll(() => states, patience).toContain('base failed');
    expect(reasons.at(-1)).toMatchObject({ code: 'methodRefused', values: { error: '20' } });
  });

  it('never takes more sessions than it may', async () => {
    const { onec, read, ids } = await openOnec({ ...many(300), sessions: 2 });
    read({ sessions: 2, directory: { page: 20 } });
    await expect.poll(() => ids('base'), patience).toHaveLength(300);
    expect(onec.state.refusedSessions).toBe(0);
    expect(onec.state.highestSessions).toBeLessThanOrEqual(2);
  });
});

describe('a sweep', () => {
  it('costs a small part of the first reading', async () => {
    const { onec, read, ids, states } = await openOnec(many(5000));
    let from = onec.asked.length;
    const bytes = () => onec.asked.length - from;
    read({ directory: { page: 100 } });
    await expect.poll(() => ids('base'), patience).toHaveLength(5000);
    await expect.poll(() => states.at(-1), patience).toBe('base ready');
    const first = bytes();
    const sweeps = () => onec.state.counts.get('GET Catalog_СделкиСКлиентами') ?? 0;
    let before = sweeps();
    await expect.poll(sweeps, patience).toBeGreaterThan(before);
    before = sweeps();
    from = onec.asked.length;
    await expect.poll(sweeps, patience).toBeGreaterThan(before);
    expect(bytes()).toBeLessThan(first * 0.05);
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Office, openOffice } from '../support/office.ts';

describe('requests that always get an answer', () => {
  let office: Office;
  afterEach(() => office.close());

  it.each([
    ['hangs', () => new Promise<never>(() => undefined)],
    ['fails', () => Promise.reject(new Error('the thread is gone'))],
  ])('answers default when the decision %s', async (_how, answer) => {
    office = await openOffice({ answer, settings: { routeDeadline: 50 } });
    const dial = await office.call('GET', '/api/v1/route?phone=89161234567&format=dial');
    const response = await office.call('GET', '/api/v1/route?phone=89161234567');
    expect([dial.status, await dial.text()]).toEqual([200, '']);
    expect(await response.json()).toMatchObject({ decision: 'default', dial: '' });
  });

  it('reports when it is not ready', async () => {
    office = await openOffice({ checks: async () => [{ name: 'store', ok: false, reason: 'disk full' }] });
    expect((await fetch(`${office.url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${office.url}/health/live`)).status).toBe(200);
  });

  it('serves the page and its paths, but no other files', async () => {
    const root = await mkdtemp(join(tmpdir(), 'patchbay-web-'));
    await mkdir(join(root, 'web', 'assets'), { recursive: true });
    await writeFile(join(root, 'web', 'index.html'), '<p>desk</p>');
    await writeFile(join(root, 'web', 'assets', 'a-1.js'), 'x');
    await writeFile(join(root, 'secret.txt'), 'secret');
    office = await openOffice({ settings: { webRoot: join(root, 'web') } });

    const page = await fetch(`${office.url}/clients/c1`);
    const asset = await fetch(`${office.url}/assets/a-1.js`);
    expect(await page.text()).toBe('<p>desk</p>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${office.url}/..%2fsecret.txt`)).status).not.toBe(200);
    expect((await fetch(`${office.url}/api/v1/nothing`)).status).toBe(404);
    await rm(root, { recursive: true });
  });
});

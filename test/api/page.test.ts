import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Office, openOffice } from '../support/office.ts';

describe('the page', () => {
  const webRoot = mkdtempSync(join(tmpdir(), 'patchbay-page-'));
  let office: Office;
  beforeAll(async () => {
    mkdirSync(join(webRoot, 'assets'));
    writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Patchbay</title>');
    writeFileSync(join(webRoot, 'assets', 'index-1.js'), 'export {};');
    office = await openOffice({ users: false, settings: { webRoot } });
  });
  afterAll(async () => {
    await office.close();
    rmSync(webRoot, { recursive: true });
  });

  it.each(['/', '/interactions/0198c0de-0000-7000-8000-000000000000', '/owed?from=mail', '/undeliverable', '/unknown'])(
    'is served at %s with the strict content security policy and without a warning',
    async (path) => {
      const warnings: Error[] = [];
      const keep = (warning: Error) => warnings.push(warning);
      process.on('warning', keep);
      const response = await fetch(office.url + path);
      expect(await response.text()).toContain('<title>Patchbay</title>');
      process.off('warning', keep);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(warnings).toEqual([]);
    },
  );

  it('is not served in place of missing files or unknown API paths', async () => {
    for (const path of ['/assets/gone.js', '/api/v1/nowhere', '/health/nowhere']) {
      const response = await fetch(office.url + path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get('content-type')).toContain('problem+json');
    }
    const asset = await fetch(`${office.url}/assets/index-1.js`);
    expect(asset.headers.get('cache-control')).toContain('immutable');
  });
});

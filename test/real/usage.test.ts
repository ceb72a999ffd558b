import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../bin/patchbay.js', import.meta.url));

/** The built program as other programs use it, and what they rely on: exit codes (0 done, 1 failed, 2 wrong usage), `--json`, and the position of `--config`. */
describe('the commands', () => {
  let directory: string;
  let config: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-cli-'));
    config = join(directory, 'good.yaml');
    writeFileSync(config, `store: { url: "sqlite:${join(directory, 'p.db')}" }\n`);
    writeFileSync(join(directory, 'bad.yaml'), 'http:\n  prot: 80\n');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  function patchbay(...args: readonly string[]) {
    const ran = spawnSync(process.execPath, [program, ...args], {
      encoding: 'utf8',
      input: 'longenough\n',
    });
    return { code: ran.status, out: ran.stdout, err: ran.stderr };
  }

  it.each([
    ['no command', []],
    ['an unknown command', ['strat']],
    ['an unknown option', ['check', '--speed', '1']],
    ['a missing argument', ['explain']],
    ['an unknown role', ['user', 'add', 'x', '--role', 'king']],
    ['an unknown flavour', ['pbx-config', '--flavor', '3cx']],
  ])('exit with 2 for %s', (_what, args) => {
    const { code, err } = patchbay(...args);
    expect(code).toBe(2);
    expect(err).not.toBe('');
  });

  it('exit with 1 for an invalid configuration, and report file, line, key and page to programs', () => {
    const file = join(directory, 'bad.yaml');
    const { code, out, err } = patchbay('check', '--json', '--config', file);
    expect(code).toBe(1);
    const message = 'unknown key; did you mean port?';
    const problem = { line: 2, key: 'http.prot', message, docs: 'docs/configuration.md#http' };
    expect(JSON.parse(out)).toEqual({ ok: false, file, problems: [problem] });
    expect(err).toBe(`${file}:2: http.prot: ${message}\nSee docs/configuration.md#http\n`);
  });

  it('name a missing file', () => {
    const { code, err } = patchbay('start', '--config', join(directory, 'none.yaml'));
    expect([code, err]).toEqual([1, expect.stringContaining('none.yaml:1: no such file; choose another')]);
  });

  it('accept --config and --json before the command as well', () => {
    const { code, out } = patchbay('--config', config, '--json', 'check');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, managers: 0 });
  });

  it('create users and tokens, and list what is owed', () => {
    const user = patchbay(
      'user',
      'add',
      'anna',
      '--role',
      'operator',
      '--password-stdin',
      '--json',
      '--config',
      config,
    );
    expect([user.code, JSON.parse(user.out)]).toEqual([0, { login: 'anna', role: 'operator', manager: null }]);
    const token = patchbay('token', 'add', 'crm', '--role', 'integration', '--config', config);
    expect([token.code, token.out]).toEqual([0, expect.stringMatching(/^pb_[\w-]{32}\n$/)]);
    expect(patchbay('deliveries', 'list', '--json', '--config', config)).toMatchObject({ code: 0, out: '[]\n' });
    expect(patchbay('deliveries', 'list', '--limit', '0', '--config', config).code).toBe(2);
    expect(patchbay('deliveries', 'retry', '7', '--config', config).code).toBe(1);
  });
});

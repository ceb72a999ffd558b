import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { walk } from '../../scripts/docs/markdown.mjs';
import { examples, pages } from './pages.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** The commands of shell examples, one per line, without comments and pipes. */
const lines = examples('sh').flatMap(({ where, text }) =>
  text.split('\n').flatMap((line) => {
    const code = line.replace(/\s+#.*$/, '').trim();
    return code === '' ? [] : code.split(' && ').map((command) => ({ where, command: command.trim() }));
  }),
);
/** Commands named in prose: `patchbay user list`. */
const spans = pages
  .filter(({ source }) => source !== 'CHANGELOG.md')
  .flatMap(({ source, sections }) =>
    [...walk(sections.flatMap(({ inline, tokens }) => [...inline, ...tokens]))].flatMap((token) =>
      token.type === 'codespan' ? [{ where: source, command: token.text as string }] : [],
    ),
  );
const patchbay = /^(?:npx )?patchbay (?=[a-z])/;
const ours = [...lines, ...spans].filter(({ command }) => patchbay.test(command));

/** The program with its commands as `main.ts` builds it; `main.ts` itself would run one at once. */
async function programOf(): Promise<Command> {
  const parsed: Command[] = [];
  const parse = vi.spyOn(Command.prototype, 'parseAsync').mockImplementation(async function (this: Command) {
    parsed.push(this);
    return this;
  });
  await import('../../src/cli/main.ts');
  parse.mockRestore();
  const [program] = parsed;
  if (program === undefined) throw new Error('the program has no commands');
  return program;
}
const program = await programOf();

/** Splits words as a shell does; the examples use single quotes only. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'[^']*'|"[^"]*"|[^\s'"]+/g)].map(([word]) => word);
}

/** The problem with a `patchbay` command, or null. */
function wrong(text: string, whole: boolean): string | null {
  let command = program;
  const rest = [...wordsOf(text.replace(patchbay, ''))];
  for (let next = command; ; ) {
    const found = next.commands.find((one) => one.name() === rest[0]);
    if (found === undefined) break;
    rest.shift();
    command = found;
    next = found;
  }
  if (command === program) return `there is no command ${rest[0]}`;
  if (command.commands.length > 0) return whole ? `${command.name()} needs a command of its own` : null;
  const flags = rest.filter((word) => word.startsWith('--'));
  const unknown = flags.find((flag) => !command.options.some(({ long }) => long === flag));
  if (unknown !== undefined) return `${command.name()} has no option ${unknown}`;
  if (!whole) return null;
  const missing = command.options.find(({ mandatory, long }) => mandatory && !flags.includes(long ?? ''));
  if (missing !== undefined) return `${command.name()} needs ${missing.long}`;
  const values = flags.filter((flag) => command.options.find(({ long }) => long === flag)?.required).length;
  const given = rest.length - flags.length - values;
  const needed = command.registeredArguments.filter(({ required }) => required).length;
  return given < needed ? `${command.name()} needs ${needed} arguments` : null;
}

describe('commands of the documentation', () => {
  it('exist, with their options', () => {
    expect(ours.length).toBeGreaterThan(80);
    const whole = new Set(lines);
    const faults = ours.flatMap((one) => {
      const fault = wrong(one.command, whole.has(one));
      return fault === null ? [] : [`${one.where}: ${one.command}: ${fault}`];
    });
    expect(faults).toEqual([]);
  });

  it('that run npm scripts exist in package.json', () => {
    const named = [...lines, ...spans].flatMap(({ where, command }) => {
      const [, , run, short] = /^npm (run ([\w:-]+)|(test|start))/.exec(command) ?? [];
      const script = run ?? short;
      return script === undefined ? [] : [{ where, script }];
    });
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ script }) => !Object.hasOwn(scripts, script))).toEqual([]);
  });

  it('name existing files', () => {
    const named = [...lines, ...spans].flatMap(({ where, command }) =>
      wordsOf(command)
        .filter((word) =>
          /^(?:\.\/)?(?!src\/crm\/KIND|test\/fuzz\/found)(?:config|deploy|docs|scripts|src|test|bench|bin)\/[\w./-]+$/.test(
            word,
          ),
        )
        .map((path) => ({ where, path })),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ path }) => !existsSync(path))).toEqual([]);
  });
});

/** Commands that access nothing outside and change only their own store. */
const safe =
  /^npx patchbay (?:check|schema|explain|import clients|deliveries list|quarantine list|audit|migrate|pbx-config)\b/;
const safely = [...new Set(lines.map(({ command }) => command).filter((command) => safe.test(command)))];

describe('commands that are safe to run', () => {
  const home = process.cwd();
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-docs-'));
    cpSync('config', join(folder, 'config'), { recursive: true });
    cpSync('config/plain-asterisk.yaml', join(folder, 'my.yaml'));
    writeFileSync(join(folder, 'clients.csv'), 'id,name,phone\n1,Romashka,+7 916 123-45-67\n');
    process.chdir(folder);
  });
  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });

  it('are at least nine', () => {
    expect(safely.length).toBeGreaterThan(8);
  });

  it.each(safely)('%s', async (command) => {
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      await program.parseAsync(wordsOf(command.replace(patchbay, '')), { from: 'user' });
      expect(process.exitCode).toBeUndefined();
    } finally {
      out.mockRestore();
    }
  });
});

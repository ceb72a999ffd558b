import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { type DocsLink, docsLinks } from '../domain/base/docs-links.ts';
import { entryOf } from '../domain/base/entry-of.ts';
import { type Config, toConfig } from './config.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { docsLinkOf } from './docs-link.ts';
import { explain, type PathProblem } from './explain.ts';
import { registerFormats } from './formats.ts';
import { meant } from './nearest.ts';
import { checkReferences } from './references.ts';
import { ConfigSchema } from './schema.ts';
import { fillSecrets, SecretError } from './secrets.ts';

registerFormats();

/** Settings of one kind of module, by which its part of the file is checked. */
export interface ModuleSchemas {
  readonly connectors: Readonly<Record<string, TSchema>>;
  readonly destinations: Readonly<Record<string, TSchema>>;
  /** Kinds of destinations that clients can be read from; none by default. */
  readonly directories?: readonly string[];
}

/** Which file is read: `--config`, else `PATCHBAY_CONFIG`, else `config/patchbay.yaml`. */
export function configPath(option: string | undefined, env: NodeJS.ProcessEnv): string {
  return resolve(option ?? env.PATCHBAY_CONFIG ?? 'config/patchbay.yaml');
}

/** Reads and checks a configuration file as a whole. Throws {@link ConfigError}. */
export function loadConfig(file: string, modules: ModuleSchemas, env: NodeJS.ProcessEnv): Config {
  return parseConfig(readText(file), file, modules, env);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ConfigError(file, [
      {
        line: 1,
        key: '',
        message: `${code === 'ENOENT' ? 'there is no such file' : `can't be read (${code})`}; name another with --config or PATCHBAY_CONFIG`,
        docs: docsLinks.configurationFile,
      },
    ]);
  }
}

/** The same for text already read. */
export function parseConfig(text: string, file: string, modules: ModuleSchemas, env: NodeJS.ProcessEnv): Config {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: true });
  const refuse = (problems: readonly ConfigProblem[]): void => {
    if (problems.length > 0)
      throw new ConfigError(
        file,
        problems.toSorted((a, b) => a.line - b.line),
      );
  };
  const placed = ({ path, message }: PathProblem, docs: DocsLink = docsLinkOf(path, kindOf(document, path))) => {
    return { line: counter.linePos(offsetOf(document, path)).line, key: path.join('.'), message, docs };
  };
  refuse(syntaxProblems(document, counter));
  const unfilled = fillDocument(document, dirname(file), env);
  const value: unknown = document.toJS() ?? {};
  const found = [...explain(ConfigSchema, value, []), ...moduleProblems(value, modules)];
  // What could not be filled in is told as that, whatever else it does not look like.
  const keys = new Set(unfilled.map(({ path }) => path.join('.')));
  const others = found.filter(({ path }) => !keys.has(path.join('.')));
  refuse([
    ...unfilled.map((problem) => placed(problem, docsLinks.secrets)),
    ...others.map((problem) => placed(problem)),
  ]);
  const { config, problems: meaning } = toConfig(Value.Parse(ConfigSchema, Value.Default(ConfigSchema, value)));
  const referring: PathProblem[] = [];
  checkReferences(config, modules.directories ?? [], (path, message) =>
    referring.push({ path: path.map(String), message }),
  );
  refuse([...meaning, ...referring].map((problem) => placed(problem)));
  return withModuleDefaults(config, modules);
}

function fillDocument(document: Document, directory: string, env: NodeJS.ProcessEnv): PathProblem[] {
  const problems: PathProblem[] = [];
  visit(document, {
    Scalar(key, node, path) {
      if (typeof node.value !== 'string' || key === 'key' || !node.value.includes('${')) return;
      try {
        node.value = fillSecrets(node.value, directory, env);
      } catch (error) {
        if (!(error instanceof SecretError)) throw error;
        problems.push({ path: stepsOf([...path, node]), message: error.message });
      }
    },
  });
  return problems;
}

/** The keys and places that lead down to the last of some nodes. */
function stepsOf(nodes: readonly unknown[]): readonly string[] {
  return nodes.flatMap((node, i) => {
    if (isPair(node)) return [isScalar(node.key) ? String(node.key.value) : ''];
    const above = nodes[i - 1];
    return isSeq(above) ? [String(above.items.indexOf(node as Node))] : [];
  });
}

/** The kind of the connector or destination that a path belongs to. */
function kindOf(document: Document, [part = '', name = '']: readonly string[]): string | null {
  const kind = document.getIn([part, name, 'kind']);
  return typeof kind === 'string' ? kind : null;
}

/** Where the deepest existing part of a path stands in the file: its key, or its place in a list. */
function offsetOf(document: Document, path: readonly string[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (pair === undefined) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      if (item === undefined) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset;
}

/** YAML's own errors in words for who wrote the file; the first of a line, the others follow from it. */
function syntaxProblems(document: Document, counter: LineCounter): readonly ConfigProblem[] {
  const lines = new Set<number>();
  return document.errors.flatMap(({ code, message, pos }) => {
    const { line } = counter.linePos(pos[0]);
    if (lines.has(line)) return [];
    lines.add(line);
    const told = syntaxWords[code] ?? message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? '';
    return [{ line, key: '', message: `not YAML: ${told}`, docs: docsLinks.configurationFile }];
  });
}

const syntaxWords: Readonly<Record<string, string>> = {
  BAD_INDENT: 'this line is indented unlike those it belongs to',
  BLOCK_AS_IMPLICIT_KEY: 'what follows is indented further than this line, which has a value already',
  MULTILINE_IMPLICIT_KEY: 'what follows is indented further than this line, which has a value already',
  DUPLICATE_KEY: 'this key stands here twice',
  MISSING_CHAR: 'a quote, bracket or colon is missing here or before',
  TAB_AS_INDENT: 'this line begins with a tab; indent with blanks',
};

function moduleProblems(value: unknown, modules: ModuleSchemas): PathProblem[] {
  return (['connectors', 'destinations'] as const).flatMap((part) => {
    const entries = isRecord(value) && isRecord(value[part]) ? Object.entries(value[part]) : [];
    return entries.flatMap(([name, settings]) => {
      if (!isRecord(settings) || typeof settings.kind !== 'string') return [];
      const schema = entryOf(modules[part], settings.kind);
      if (schema !== undefined) return explain(schema, Value.Default(schema, structuredClone(settings)), [part, name]);
      const kinds = Object.keys(modules[part]);
      const message = `there is no such kind${meant(settings.kind, kinds) || `; there are: ${kinds.join(', ')}`}`;
      return [{ path: [part, name, 'kind'], message }];
    });
  });
}

function withModuleDefaults(config: Config, modules: ModuleSchemas): Config {
  const fill = (part: 'connectors' | 'destinations') =>
    Object.fromEntries(
      Object.entries(config[part]).map(([name, settings]) => {
        const schema = entryOf(modules[part], settings.kind);
        return [name, schema === undefined ? settings : { ...(Value.Default(schema, settings) as typeof settings) }];
      }),
    );
  return { ...config, connectors: fill('connectors'), destinations: fill('destinations') };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

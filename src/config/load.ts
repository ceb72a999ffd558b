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
import { didYouMean } from './nearest.ts';
import { checkReferences } from './references.ts';
import { ConfigSchema } from './schema.ts';
import { fillSecrets, SecretError } from './secrets.ts';

registerFormats();

/** Settings schemas of connectors and destinations by kind. */
export interface ModuleSchemas {
  readonly connectors: Readonly<Record<string, TSchema>>;
  readonly destinations: Readonly<Record<string, TSchema>>;
  /** Kinds of destinations that can be read as client directories; none by default. */
  readonly directories?: readonly string[];
}

/** Path of the configuration file: `--config`, else `PATCHBAY_CONFIG`, else `config/patchbay.yaml`. */
export function configPath(option: string | undefined, env: NodeJS.ProcessEnv): string {
  return resolve(option ?? env.PATCHBAY_CONFIG ?? 'config/patchbay.yaml');
}

/** Reads and validates a configuration file. Throws {@link ConfigError} with all its problems. */
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
        message: `${code === 'ENOENT' ? 'no such file' : `can't be read (${code})`}; choose another with --config or PATCHBAY_CONFIG`,
        docs: docsLinks.configurationFile,
      },
    ]);
  }
}

/** Validates the text of a configuration file. Throws {@link ConfigError} with all its problems. */
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
  // Unresolved placeholders are reported as such, not as schema errors.
  const keys = new Set(unfilled.map(({ path }) => path.join('.')));
  const others = found.filter(({ path }) => !keys.has(path.join('.')));
  refuse([
    ...unfilled.map((problem) => placed(problem, docsLinks.secrets)),
    ...others.map((problem) => placed(problem)),
  ]);
  const { config, problems: meaning } = toConfig(
    Value.Parse(ConfigSchema, Value.Default(ConfigSchema, value)),
    dirname(file),
  );
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

/** Converts a list of nested nodes to a path of keys and list indexes. */
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

/** The offset in the file of the deepest existing part of a path: its key or list item. */
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

/** Explains syntax errors to the author of the file. Only the first error of each line is reported, as others follow from it. */
function syntaxProblems(document: Document, counter: LineCounter): readonly ConfigProblem[] {
  const lines = new Set<number>();
  return document.errors.flatMap(({ code, message, pos }) => {
    const { line } = counter.linePos(pos[0]);
    if (lines.has(line)) return [];
    lines.add(line);
    const description = syntaxErrors[code] ?? message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? '';
    return [{ line, key: '', message: `invalid YAML: ${description}`, docs: docsLinks.configurationFile }];
  });
}

const syntaxErrors: Readonly<Record<string, string>> = {
  BAD_INDENT: 'the indentation of this line differs from its siblings',
  BLOCK_AS_IMPLICIT_KEY: 'the next line is indented further, but this line already has a value',
  MULTILINE_IMPLICIT_KEY: 'the next line is indented further, but this line already has a value',
  DUPLICATE_KEY: 'duplicate key',
  MISSING_CHAR: 'a quote, bracket or colon is missing here or earlier',
  TAB_AS_INDENT: 'this line begins with a tab; indent with spaces',
};

function moduleProblems(value: unknown, modules: ModuleSchemas): PathProblem[] {
  return (['connectors', 'destinations'] as const).flatMap((part) => {
    const entries = isRecord(value) && isRecord(value[part]) ? Object.entries(value[part]) : [];
    return entries.flatMap(([name, settings]) => {
      if (!isRecord(settings) || typeof settings.kind !== 'string') return [];
      const schema = entryOf(modules[part], settings.kind);
      if (schema !== undefined) return explain(schema, Value.Default(schema, structuredClone(settings)), [part, name]);
      const kinds = Object.keys(modules[part]);
      const message = `unknown kind${didYouMean(settings.kind, kinds) || `; expected one of: ${kinds.join(', ')}`}`;
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

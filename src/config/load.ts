import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { type Document, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { type Config, toConfig } from './config.ts';
import { ConfigSchema } from './schema.ts';
import { fillSecrets, SecretError } from './secrets.ts';

/** Settings of one kind of module, by which its part of the file is checked. */
export interface ModuleSchemas {
  readonly connectors: Readonly<Record<string, TSchema>>;
  readonly destinations: Readonly<Record<string, TSchema>>;
}

/** One thing that is wrong: where, and what was expected. */
export interface ConfigProblem {
  readonly line: number;
  readonly key: string;
  readonly message: string;
}

/** The file can't be used. Its message names file, line and key of each problem. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    super(problems.map((p) => `${file}:${p.line}: ${p.key === '' ? '' : `${p.key}: `}${p.message}`).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
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
      { line: 1, key: '', message: `can't be read (${code}); name another with --config or PATCHBAY_CONFIG` },
    ]);
  }
}

/** The same for text already read. */
export function parseConfig(text: string, file: string, modules: ModuleSchemas, env: NodeJS.ProcessEnv): Config {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: true });
  const lineOf = (path: readonly string[]) => counter.linePos(offsetOf(document, path)).line;
  const refuse = (problems: readonly ConfigProblem[]): never => {
    throw new ConfigError(file, problems);
  };
  if (document.errors.length > 0) {
    refuse(
      document.errors.map((e) => ({
        line: counter.linePos(e.pos[0]).line,
        key: '',
        message: `not YAML: ${e.message.split('\n')[0]}`,
      })),
    );
  }
  const problems = fillDocument(document, dirname(file), env, counter);
  if (problems.length > 0) refuse(problems);
  const value: unknown = document.toJS() ?? {};
  const found = [...schemaProblems(ConfigSchema, value, []), ...moduleProblems(value, modules)];
  if (found.length > 0) {
    refuse(found.map(({ path, message }) => ({ line: lineOf(path), key: path.join('.'), message })));
  }
  const { config, problems: meaning } = toConfig(Value.Parse(ConfigSchema, Value.Default(ConfigSchema, value)));
  if (meaning.length > 0) {
    refuse(meaning.map(({ path, message }) => ({ line: lineOf(path), key: path.join('.'), message })));
  }
  return withModuleDefaults(config, modules);
}

function fillDocument(
  document: Document,
  directory: string,
  env: NodeJS.ProcessEnv,
  counter: LineCounter,
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  visit(document, {
    Scalar(key, node, path) {
      if (typeof node.value !== 'string' || key === 'key' || !node.value.includes('${')) return;
      try {
        node.value = fillSecrets(node.value, directory, env);
      } catch (error) {
        if (!(error instanceof SecretError)) throw error;
        const pair = path.at(-1);
        const name = pair !== undefined && 'key' in pair && isScalar(pair.key) ? String(pair.key.value) : '';
        problems.push({ line: counter.linePos(node.range?.[0] ?? 0).line, key: name, message: error.message });
      }
    },
  });
  return problems;
}

/** Where the deepest existing part of a path stands in the file. */
function offsetOf(document: Document, path: readonly string[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const steps = path.slice(0, length).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    const node = document.getIn(steps, true) as Node | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

interface PathProblem {
  readonly path: readonly string[];
  readonly message: string;
}

function schemaProblems(schema: TSchema, value: unknown, prefix: readonly string[]): PathProblem[] {
  const seen = new Set<string>();
  return Value.Errors(schema, value).flatMap((error) => {
    const path = [
      ...prefix,
      ...error.instancePath
        .split('/')
        .slice(1)
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')),
    ];
    return messagesOf(error, path).filter(({ path: at, message }) => {
      const mark = `${at.join('/')} ${message}`;
      if (seen.has(mark)) return false;
      seen.add(mark);
      return true;
    });
  });
}

function messagesOf(error: ReturnType<typeof Value.Errors>[number], path: readonly string[]): PathProblem[] {
  if (error.keyword === 'additionalProperties') {
    return error.params.additionalProperties.map((key) => ({
      path: [...path, key],
      message: 'no such key; is it misspelt?',
    }));
  }
  if (error.keyword === 'required') {
    return error.params.requiredProperties.map((key) => ({ path: [...path, key], message: 'is missing' }));
  }
  if (error.keyword === 'boolean') return [];
  return [{ path, message: error.message }];
}

function moduleProblems(value: unknown, modules: ModuleSchemas): PathProblem[] {
  return (['connectors', 'destinations'] as const).flatMap((part) => {
    const entries = isRecord(value) && isRecord(value[part]) ? Object.entries(value[part]) : [];
    return entries.flatMap(([name, settings]) => {
      if (!isRecord(settings) || typeof settings.kind !== 'string') return [];
      const schema = modules[part][settings.kind];
      if (schema !== undefined)
        return schemaProblems(schema, Value.Default(schema, structuredClone(settings)), [part, name]);
      const kinds = Object.keys(modules[part]).join(', ');
      return [{ path: [part, name, 'kind'], message: `no such kind; expected one of: ${kinds}` }];
    });
  });
}

function withModuleDefaults(config: Config, modules: ModuleSchemas): Config {
  const fill = (part: 'connectors' | 'destinations') =>
    Object.fromEntries(
      Object.entries(config[part]).map(([name, settings]) => {
        const schema = modules[part][settings.kind];
        return [name, schema === undefined ? settings : { ...(Value.Default(schema, settings) as typeof settings) }];
      }),
    );
  return { ...config, connectors: fill('connectors'), destinations: fill('destinations') };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

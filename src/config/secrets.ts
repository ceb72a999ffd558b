import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { entryOf } from '../domain/base/entry-of.ts';

/** A `${…}` placeholder could not be resolved. */
export class SecretError extends Error {}

/** Replaces `${env:NAME}` and `${file:PATH}`. Paths are relative to `directory`; one trailing line break of a file is removed. */
export function fillSecrets(value: string, directory: string, env: NodeJS.ProcessEnv): string {
  return value.replace(/\$\{(\w+):([^}]*)\}/g, (_, kind: string, name: string) => {
    if (kind === 'env') return fromEnvironment(name, env);
    if (kind === 'file') return fromFile(resolve(directory, name));
    throw new SecretError(`expected \${env:NAME} or \${file:PATH}, found \${${kind}:…}`);
  });
}

function fromEnvironment(name: string, env: NodeJS.ProcessEnv): string {
  const value = entryOf(env, name);
  if (value === undefined) throw new SecretError(`the environment variable ${name} is not set; set it before starting`);
  return value;
}

function fromFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new SecretError(`the file ${path} can't be read (${code}); make it readable for this user`);
  }
}

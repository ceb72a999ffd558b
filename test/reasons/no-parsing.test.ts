import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Patterns of code that finds, or could find, meaning in an English sentence of ours. */
const suspicious: readonly RegExp[] = [
  /\b(translateTrace|translateProblem|patternsOf|inOneText)\b/,
  /\.split\((['"]); \1\)/,
  /\b(problem|why|lastError|reason)\??\.(includes|startsWith|endsWith|match|matchAll|search|indexOf|split|replace)\(/,
  /\.(test|exec)\((\w+\.)*(problem|why|lastError|reason)\b/,
  /\bmessage\??\.(includes|startsWith|endsWith|match|search|indexOf|split)\(/,
  /\.(test|exec)\((\w+\.)*message\)/,
  /\.(includes|startsWith|endsWith)\(\s*(['"`])[a-z]+ [a-z]+/i,
];

/** Places where the words of other programs are parsed, because these give no code. */
const borders: Readonly<Record<string, string>> = {
  'src/connectors/mail/parse/bounce.ts': 'the status that a mail system puts into its words (RFC 3464)',
  'src/connectors/mail/smtp/trouble.ts': 'OpenSSL’s words for a certificate, which nodemailer gives without a code',
  'src/store/postgres/connect.ts': 'the words of the pg driver for a lost connection',
  'web/widget/marks.ts': 'the browser’s cookies',
  'src/config/load.ts': 'the messages of the YAML parser',
  'src/connectors/asterisk/ami/parser.ts': 'the greeting of AMI',
  'src/crm/onec/api/errors.ts': 'the words of 1C for a lock, and for a base that is closed, which have no code',
};

it('no code finds meaning in English sentences', () => {
  const files = ['src', 'web/src', 'web/widget'].flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  expect(files.length).toBeGreaterThan(400);
  const found = files.flatMap((file) =>
    readFileSync(`${root}/${file}`, 'utf8')
      .split('\n')
      .flatMap((line, i) =>
        suspicious.some((pattern) => pattern.test(line)) ? [`${file}:${i + 1} ${line.trim()}`] : [],
      ),
  );
  expect(found.filter((line) => borders[line.split(':')[0] ?? ''] === undefined)).toEqual([]);
});

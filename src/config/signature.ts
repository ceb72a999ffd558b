import { resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { unknownVariables } from '../domain/written/canned-answer.ts';
import { type Logo, type Signature, signatureVariables } from '../domain/written/signature.ts';
import { beginningOf } from './file-beginning.ts';
import type { Report } from './problem.ts';
import { strict, text } from './schema-parts.ts';

const braces = signatureVariables.map((name) => `{${name}}`).join(', ');
/** Bytes. A logo travels with every letter. */
const maxLogo = 200 * 1024;
/** The beginnings of pictures that all mail programs show. */
const pictures: readonly (readonly [mime: string, begins: string])[] = [
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF8'],
];

/** A signature in the file: plain text, or an object. */
export const SignatureSchema = (description: string) =>
  Type.Union(
    [
      Type.String({ maxLength: 2000 }),
      Type.Object(
        {
          text: Type.Optional(
            Type.String({
              maxLength: 2000,
              description: `For plain letters. By default the words of \`html\`. Variables: ${braces}.`,
            }),
          ),
          html: Type.Optional(
            Type.String({
              maxLength: 20_000,
              description:
                'For letters with formatting, with the same variables. `cid:logo` is the address of the logo. By default the text.',
            }),
          ),
          logo: Type.Optional(text('PNG, JPEG or GIF file of at most 200 kB, relative to the configuration file.')),
        },
        { ...strict, minProperties: 1 },
      ),
    ],
    { description },
  );

/** Where signatures are read, and the values that are the same for all of them. */
export interface SignatureContext {
  readonly company: string;
  /** Folder of the configuration file. */
  readonly directory: string;
}

/** Converts a signature. Reports unknown variables, and a logo that can't be read, is too large, or is not a picture. */
export function toSignature(
  file: Static<ReturnType<typeof SignatureSchema>>,
  path: readonly (string | number)[],
  { company, directory }: SignatureContext,
  report: Report,
): Signature {
  const { text, html, logo }: { text?: string; html?: string; logo?: string } =
    typeof file === 'string' ? { text: file } : file;
  for (const [key, template = ''] of Object.entries({ text, html }))
    for (const name of unknownVariables(template, signatureVariables))
      report(typeof file === 'string' ? path : [...path, key], `unknown variable {${name}}; expected one of ${braces}`);
  return {
    text: text ?? null,
    html: html ?? null,
    logo: logo === undefined ? null : toLogo(resolve(directory, logo), [...path, 'logo'], report),
    company,
  };
}

function toLogo(path: string, where: readonly (string | number)[], report: Report): Logo | null {
  const read = beginningOf(path);
  if (typeof read === 'string') {
    report(where, `the file ${path} can't be read (${read})`);
    return null;
  }
  if (read.size > maxLogo) {
    report(where, `expected a picture of at most ${maxLogo / 1024} kB; ${path} has ${Math.ceil(read.size / 1024)} kB`);
    return null;
  }
  const mime = pictures.find(([, begins]) => read.bytes.startsWith(begins))?.[0];
  if (mime === undefined) report(where, `expected a PNG, JPEG or GIF picture; ${path} is none`);
  return mime === undefined ? null : { path, mime };
}

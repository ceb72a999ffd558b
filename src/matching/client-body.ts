import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import type { ClientId } from '../domain/base/ids.ts';
import type { Client, ContactPerson, Deal } from '../domain/directory/client.ts';
import { cleanText, normaliseIdentifiers } from '../domain/directory/identifiers.ts';
import type { Identifier } from '../domain/interaction/interaction.ts';
import { ClientBody, ClientIdPattern } from './client-schema.ts';

/** A problem with a body. `path` is a JSON pointer; `message` never contains values, which may be personal data. */
export interface BodyProblem {
  readonly path: string;
  readonly code: 'schema' | 'identifier' | 'empty' | 'id';
  readonly message: string;
}

/** A client, or all problems of the body. */
export type ParsedClient =
  | { readonly ok: true; readonly client: Client }
  | { readonly ok: false; readonly problems: readonly BodyProblem[] };

const validator = Compile(ClientBody);
const idForm = new RegExp(ClientIdPattern, 'u');
const maxProblems = 20;

/**
 * Converts a body of `PUT /clients/{id}` to a client with normalised identifiers. An invalid identifier is rejected
 * with its path, because a client that cannot be found would go unnoticed. `country` is the region of numbers
 * without a country code.
 */
export function parseClientBody(id: string, body: unknown, country: string): ParsedClient {
  if (!idForm.test(id))
    return refused([{ path: '', code: 'id', message: 'expected an id of 1 to 128 characters without spaces, / ? #' }]);
  if (!validator.Check(body)) return refused(schemaProblems(body));
  const problems: BodyProblem[] = [];
  const client = toClient(id as ClientId, body, country, problems);
  return problems.length === 0 ? { ok: true, client } : refused(problems);
}

function refused(problems: readonly BodyProblem[]): ParsedClient {
  return { ok: false, problems: problems.slice(0, maxProblems) };
}

function schemaProblems(body: unknown): BodyProblem[] {
  return Value.Errors(ClientBody, body).map((error) => ({
    path: error.instancePath,
    code: 'schema',
    message: error.message,
  }));
}

function toClient(id: ClientId, body: ClientBody, country: string, problems: BodyProblem[]): Client {
  const checkedName = (value: string, path: string): string => {
    const clean = cleanText(value, 300);
    if (clean === '') problems.push({ path, code: 'empty', message: 'expected a name, got only blanks' });
    return clean;
  };
  const identifiers = (list: ClientBody['identifiers'], path: string): readonly Identifier[] => {
    const found = new Map<string, Identifier>();
    list?.forEach((one, i) => {
      const normal = normaliseIdentifiers(one, country);
      for (const each of normal) found.set(`${each.kind}:${each.value}`, each);
      if (normal.length === 0)
        problems.push({ path: `${path}/${i}/value`, code: 'identifier', message: expected[one.kind] });
    });
    return [...found.values()];
  };
  return {
    id,
    name: checkedName(body.name, '/name'),
    kind: body.kind ?? 'company',
    responsible: body.responsible || null,
    segment: body.segment || null,
    url: body.url ?? null,
    identifiers: identifiers(body.identifiers, '/identifiers'),
    contacts: (body.contacts ?? []).map(
      (contact, i): ContactPerson => ({
        id: contact.id,
        name: checkedName(contact.name, `/contacts/${i}/name`),
        identifiers: identifiers(contact.identifiers, `/contacts/${i}/identifiers`),
      }),
    ),
    deals: (body.deals ?? []).map(
      (deal, i): Deal => ({
        id: deal.id,
        name: checkedName(deal.name, `/deals/${i}/name`),
        stage: deal.stage ?? null,
        url: deal.url ?? null,
      }),
    ),
    fields: (body.fields ?? []).map(({ label, value }) => ({
      label: cleanText(label, 200),
      value: cleanText(value, 2000),
    })),
  };
}

const expected: Readonly<Record<Identifier['kind'], string>> = {
  phone: 'expected an outside telephone number that exists, like +7 916 000-00-00',
  email: 'expected an e-mail address',
  account: "expected an account's id of 1 to 256 characters",
};

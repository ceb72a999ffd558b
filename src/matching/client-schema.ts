import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false } as const;
const longId = (description: string) => Type.String({ minLength: 1, maxLength: 128, description });
const text = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description });
const nullable = <T extends ReturnType<typeof Type.String>>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]));
const webAddress = Type.String({
  maxLength: 2048,
  pattern: '^https?://',
  description: 'Address of its page in the CRM; http or https.',
});

const IdentifierBody = Type.Object(
  {
    kind: Type.Union([Type.Literal('phone'), Type.Literal('email'), Type.Literal('account')]),
    value: text(256, 'As people write it; phones are normalised.'),
    undeliverable: Type.Optional(Type.Unknown({ description: 'Present in answers; ignored in requests.' })),
  },
  strict,
);
const Identifiers = Type.Optional(Type.Array(IdentifierBody, { maxItems: 100 }));

const ContactBody = Type.Object(
  { id: longId("The contact person's id in the CRM."), name: text(300, 'Name.'), identifiers: Identifiers },
  strict,
);

const DealBody = Type.Object(
  {
    id: longId("The deal's id in the CRM."),
    name: text(300, 'Name.'),
    stage: nullable(Type.String({ maxLength: 200 })),
    url: nullable(webAddress),
  },
  strict,
);

const FieldBody = Type.Object({ label: text(200, 'Label.'), value: Type.String({ maxLength: 2000 }) }, strict);

/** Pattern of client ids in paths and import rows. */
export const ClientIdPattern = '^[^\\s\\p{Cc}/?#]{1,128}$';

/** The body of `PUT /clients/{id}`. An NDJSON row is the same plus `id`. */
export const ClientBody = Type.Object(
  {
    name: text(300, 'Name of the company or person.'),
    kind: Type.Optional(
      Type.Union([Type.Literal('company'), Type.Literal('person')], { description: 'company by default.' }),
    ),
    responsible: nullable(Type.String({ maxLength: 128, description: "The responsible manager's id." })),
    segment: nullable(Type.String({ maxLength: 128, description: 'For routing rules.' })),
    url: nullable(webAddress),
    identifiers: Identifiers,
    contacts: Type.Optional(Type.Array(ContactBody, { maxItems: 200 })),
    deals: Type.Optional(Type.Array(DealBody, { maxItems: 200 })),
    fields: Type.Optional(Type.Array(FieldBody, { maxItems: 100 })),
  },
  strict,
);

/** Static type of {@link ClientBody}. */
export type ClientBody = Static<typeof ClientBody>;

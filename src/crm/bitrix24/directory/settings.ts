import { type Static, Type } from 'typebox';

const field = (description: string, usual: string) =>
  Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,99}$', default: usual, description });

const Directory = Type.Object(
  {
    leads: Type.Boolean({
      default: true,
      description: 'Whether open leads without a contact and a company are clients too.',
    }),
    segment: Type.Object(
      {
        company: field('Field of a company.', 'COMPANY_TYPE'),
        contact: field('Field of a contact.', 'TYPE_ID'),
        lead: field('Field of a lead.', 'STATUS_ID'),
      },
      { additionalProperties: false, default: {}, description: 'The fields that become the segment of a client.' },
    ),
    overlap: Type.Integer({
      minimum: 30,
      maximum: 3600,
      default: 180,
      description: 'Seconds by which the periods overlap in which changes are looked for.',
    }),
    events: Type.Boolean({
      default: true,
      description: 'Whether the portal keeps deletions for us as offline events. Needs `app`.',
    }),
    lookup: Type.Integer({
      minimum: 100,
      maximum: 10_000,
      default: 1500,
      description: 'Milliseconds for each request of the search for an unknown caller.',
    }),
  },
  {
    additionalProperties: false,
    default: {},
    description: 'How clients are read, if `clients.sources` names this core.',
  },
);

/** Settings of the directory. */
export const directorySettings = { directory: Type.Optional(Directory) } as const;

/** Validated settings of the directory. */
export type DirectorySettings = Static<typeof Directory>;

/** What applies without settings. */
export const usualDirectory: DirectorySettings = {
  leads: true,
  segment: { company: 'COMPANY_TYPE', contact: 'TYPE_ID', lead: 'STATUS_ID' },
  overlap: 180,
  events: true,
  lookup: 1500,
};

import { type Static, Type } from 'typebox';

const Directory = Type.Object(
  {
    page: Type.Integer({
      minimum: 10,
      maximum: 2000,
      default: 250,
      description: 'Clients that are read at once.',
    }),
    order: Type.Union([Type.Literal('auto'), Type.Literal('key'), Type.Literal('skip')], {
      default: 'auto',
      description:
        '`key`: pages by the order of references; `skip`: by `$skip`, which is slower; `auto`: tried out with the base.',
    }),
    allowedOnly: Type.Boolean({
      default: false,
      description: 'Whether clients that the user may not see are left out; otherwise they fail the reading.',
    }),
    lookup: Type.Integer({
      minimum: 100,
      maximum: 10_000,
      default: 5000,
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
export const usualDirectory: DirectorySettings = { page: 250, order: 'auto', allowedOnly: false, lookup: 5000 };

import { Type } from 'typebox';
import { defaults } from './defaults.ts';
import { strict } from './schema-parts.ts';

/** Whose data a user sees. */
export const Scope = Type.Union([Type.Literal('own'), Type.Literal('department'), Type.Literal('company')], {
  description:
    "Whose contacts, clients and tasks a user sees: the user's own, the department's, or the whole company's.",
});

const count = (fallback: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 1_000_000, default: fallback, description });

/** The `access` section: scopes, read limits and the retention of the audit log. */
export const Access = Type.Object(
  {
    scopes: Type.Optional(
      Type.Object(
        { operator: Type.Optional(Scope), supervisor: Type.Optional(Scope) },
        {
          ...strict,
          description: `Scope by role, unless the user or the manager has another one; ${defaults.access.scope} by default.`,
        },
      ),
    ),
    reads: Type.Optional(
      Type.Object(
        {
          alarm: Type.Optional(
            count(
              defaults.access.reads.alarm,
              'An alarm is raised when a user reads this many different clients and contacts within an hour.',
            ),
          ),
          limit: Type.Optional(
            count(
              defaults.access.reads.limit,
              'Maximum number of different clients and contacts that a user can read within an hour.',
            ),
          ),
        },
        strict,
      ),
    ),
    recordings: Type.Optional(
      Type.Union([Type.Literal('own'), Type.Literal('scope')], {
        default: defaults.access.recordings,
        description:
          'Which recordings operators may listen to: those of their own calls, or of all calls within their scope.',
      }),
    ),
    auditMonths: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1200,
        default: defaults.access.auditMonths,
        description: 'Number of months for which the audit log is kept.',
      }),
    ),
  },
  strict,
);

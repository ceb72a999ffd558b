import { Type } from 'typebox';
import { defaults } from './defaults.ts';
import { strict } from './schema-parts.ts';

/** What a user sees. */
export const Scope = Type.Union([Type.Literal('own'), Type.Literal('department'), Type.Literal('company')], {
  description: 'Whose contacts, clients and tasks are seen: one’s own, those of the department, or everybody’s.',
});

const count = (usual: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 1_000_000, default: usual, description });

/** The configuration's `access`: scopes, how much may be read, how long the audit log is kept. */
export const Access = Type.Object(
  {
    scopes: Type.Optional(
      Type.Object(
        { operator: Type.Optional(Scope), supervisor: Type.Optional(Scope) },
        {
          ...strict,
          description: `What users of these roles see where neither the user nor the manager says otherwise; ${defaults.access.scope} by default.`,
        },
      ),
    ),
    reads: Type.Optional(
      Type.Object(
        {
          alarm: Type.Optional(
            count(
              defaults.access.reads.alarm,
              'A user who reads so many different clients and contacts within an hour raises an alarm.',
            ),
          ),
          limit: Type.Optional(
            count(defaults.access.reads.limit, 'Beyond so many a user reads nothing more in that hour.'),
          ),
        },
        strict,
      ),
    ),
    auditMonths: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1200,
        default: defaults.access.auditMonths,
        description: 'How long the audit log is kept.',
      }),
    ),
  },
  strict,
);

import { Type } from 'typebox';
import { roles, scopes } from '../../domain/access/access.ts';
import { auditActions } from '../../domain/access/audit.ts';
import { Moment, orNull, textOrNull, words } from './common.ts';

export const RoleSchema = words(...roles);
export const ScopeSchema = words(...scopes);

/** A user, without what opens anything. */
export const UserSchema = Type.Object(
  {
    login: Type.String(),
    role: RoleSchema,
    manager: textOrNull,
    scope: Type.Union([ScopeSchema, Type.Null()], {
      description: 'Null: as the configuration says for the manager or role.',
    }),
    sees: ScopeSchema,
    disabled: Type.Boolean(),
    sessions: Type.Integer({ description: 'How many browsers are logged in.' }),
  },
  { $id: 'User' },
);

/** A program's token, without the token. */
export const TokenSchema = Type.Object({ name: Type.String(), role: RoleSchema, createdAt: Moment }, { $id: 'Token' });

/** A browser that is logged in. */
export const BrowserSchema = Type.Object(
  {
    id: Type.String({ description: 'Names it here; it opens nothing.' }),
    login: Type.String(),
    createdAt: Type.Union([Moment, Type.Null()], {
      description: 'When the user logged in; null where that was not kept.',
    }),
    expiresAt: Moment,
    agent: Type.Union([Type.String(), Type.Null()], { description: 'What the browser says it is.' }),
  },
  { $id: 'Browser' },
);

/** Who did what, and when. */
export const AuditEntrySchema = Type.Object(
  {
    id: Type.String(),
    at: Moment,
    who: Type.String({ description: 'A login, `token:NAME`, or `command` for the server’s command line.' }),
    action: words(...auditActions),
    what: Type.String({ description: 'The route, the desk’s message or the command.' }),
    subject: textOrNull,
    count: orNull(Type.Integer()),
    address: textOrNull,
  },
  { $id: 'AuditEntry' },
);

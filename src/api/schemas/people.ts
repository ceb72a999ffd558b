import { Type } from 'typebox';
import { type Role, roles, type Scope, scopes } from '../../domain/access/access.ts';
import { auditActions } from '../../domain/access/audit.ts';
import { Moment, orNull, ref, textOrNull, words } from './common.ts';
import * as example from './examples/people.ts';

const RoleComponent = Type.Unsafe<Role>({ ...words(...roles), $id: 'Role' });
const ScopeComponent = Type.Unsafe<Scope>({ ...words(...scopes), $id: 'Scope' });
/** What a user or token may do. */
export const RoleSchema = ref(RoleComponent);
/** Whose contacts and clients a user sees. */
export const ScopeSchema = ref(ScopeComponent);

/** A user, without secrets. */
export const UserSchema = Type.Object(
  {
    login: Type.String(),
    role: RoleSchema,
    manager: textOrNull,
    scope: orNull(ScopeSchema, 'Null: as the configuration says for the manager or the role.'),
    sees: ScopeSchema,
    disabled: Type.Boolean(),
    sessions: Type.Integer({ description: 'Number of logged-in browsers.' }),
  },
  { $id: 'User', examples: [example.user] },
);

/** The token of a program, without the token itself. */
export const TokenSchema = Type.Object(
  { name: Type.String(), role: RoleSchema, createdAt: Moment },
  { $id: 'Token', examples: [example.token] },
);

/** A browser that is logged in. */
export const BrowserSchema = Type.Object(
  {
    id: Type.String({ description: 'Names the session in this API. It is not the secret in the cookie.' }),
    login: Type.String(),
    createdAt: orNull(Moment, 'When the user logged in. Null for old sessions that did not keep it.'),
    expiresAt: Moment,
    agent: orNull(Type.String(), 'The User-Agent header of the browser.'),
  },
  { $id: 'Browser', examples: [example.browser] },
);

/** Who did what, and when. */
export const AuditEntrySchema = Type.Object(
  {
    id: Type.String(),
    at: Moment,
    who: Type.String({ description: 'A login, `token:NAME`, or `command` for the command line of the server.' }),
    action: words(...auditActions),
    what: Type.String({ description: 'The route, the message of the desk, or the command.' }),
    subject: orNull(Type.String(), 'Id of the client, interaction, user or other thing that it was done to.'),
    count: orNull(Type.Integer(), 'Number of items in the listing.'),
    address: orNull(Type.String(), 'IP address of the request.'),
  },
  { $id: 'AuditEntry', examples: [example.auditEntry] },
);

/** The components of this file, for the document. */
export const peopleComponents = [
  RoleComponent,
  ScopeComponent,
  UserSchema,
  TokenSchema,
  BrowserSchema,
  AuditEntrySchema,
] as const;

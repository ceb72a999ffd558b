import type { ApiToken, Session, User, UserChange } from '../access/access.ts';

/** Users, tokens, sessions and login failures. */
export type AccessWrite =
  /** Creates a user, or sets a user's password and role. Ends the user's sessions. */
  | { readonly op: 'put-user'; readonly user: NewUser }
  /** Changes a user's rights and ends the sessions. Refused as `conflict` if no administrator would remain. */
  | { readonly op: 'change-user'; readonly login: string; readonly change: UserChange }
  /** Removes a user and the sessions. Refused as `conflict` if no administrator would remain. */
  | { readonly op: 'remove-user'; readonly login: string }
  | { readonly op: 'put-token'; readonly token: ApiToken }
  | { readonly op: 'remove-token'; readonly name: string }
  | { readonly op: 'open-session'; readonly session: NewSession }
  | { readonly op: 'close-session'; readonly tokenHash: string }
  /** Ends all sessions of a user. */
  | { readonly op: 'close-sessions'; readonly login: string }
  /** Counts a failed login for each of these keys. */
  | { readonly op: 'login-failed'; readonly keys: readonly string[]; readonly at: number }
  /** Forgets failures of these keys after a successful login. */
  | { readonly op: 'login-forgiven'; readonly keys: readonly string[] };

/** A new user; by default enabled, with the scope of the role. */
export type NewUser = Omit<User, 'scope' | 'disabled'> & Partial<Pick<User, 'scope' | 'disabled'>>;

/** A session that is opened or extended. */
export type NewSession = Omit<Session, 'createdAt' | 'agent'> & Partial<Pick<Session, 'createdAt' | 'agent'>>;

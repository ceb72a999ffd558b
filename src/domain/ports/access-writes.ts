import type { ApiToken, Session, User, UserChange } from '../access/access.ts';

/** Users, tokens, sessions and failed logins. */
export type AccessWrite =
  /** Creates a user, or sets a new password and role; ends earlier sessions. */
  | { readonly op: 'put-user'; readonly user: NewUser }
  /** Changes what a user may do; `conflict` where no administrator would be left. Ends the user's sessions. */
  | { readonly op: 'change-user'; readonly login: string; readonly change: UserChange }
  /** Removes a user with the sessions; `conflict` where no administrator would be left. */
  | { readonly op: 'remove-user'; readonly login: string }
  | { readonly op: 'put-token'; readonly token: ApiToken }
  | { readonly op: 'remove-token'; readonly name: string }
  | { readonly op: 'open-session'; readonly session: NewSession }
  | { readonly op: 'close-session'; readonly tokenHash: string }
  /** Ends all sessions of a user. */
  | { readonly op: 'close-sessions'; readonly login: string }
  /** Counts another failed login for each of these keys. */
  | { readonly op: 'login-failed'; readonly keys: readonly string[]; readonly at: number }
  /** Forgets the failures after a successful login. */
  | { readonly op: 'login-forgiven'; readonly keys: readonly string[] };

/** A new user: enabled, and with the scope of the role by default. */
export type NewUser = Omit<User, 'scope' | 'disabled'> & Partial<Pick<User, 'scope' | 'disabled'>>;

/** A session as it is opened or lengthened. */
export type NewSession = Omit<Session, 'createdAt' | 'agent'> & Partial<Pick<Session, 'createdAt' | 'agent'>>;

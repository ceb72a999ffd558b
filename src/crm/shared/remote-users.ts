/** A user of the other side. */
export interface RemoteUser {
  readonly id: string;
  readonly name: string | null;
  readonly extension: string | null;
  readonly email: string | null;
  /** Whether calls and tasks may be assigned to the user. */
  readonly isActive: boolean;
}

/** A user as one answer describes it: a field that the answer does not have is undefined. */
export type ReadUser = Pick<RemoteUser, 'id' | 'isActive'> & {
  readonly [Field in 'name' | 'extension' | 'email']: RemoteUser[Field] | undefined;
};

/** The users that a reading found. */
export interface UserReading {
  readonly users: readonly ReadUser[];
  /** Whether these are certainly all; otherwise the others are kept as they are known. */
  readonly isComplete: boolean;
}

/**
 * The known users after a reading. Nobody is forgotten because of an empty or incomplete answer, and no field because
 * of a right that was lost.
 */
export function mergeUsers(known: readonly RemoteUser[], { users, isComplete }: UserReading): readonly RemoteUser[] {
  const before = new Map(known.map((user) => [user.id, user]));
  const read = new Map(users.map((user) => [user.id, merged(before.get(user.id), user)]));
  const kept = isComplete && users.length > 0 ? [] : known.filter(({ id }) => !read.has(id));
  return [...read.values(), ...kept].toSorted(byId);
}

function merged(known: RemoteUser | undefined, { id, isActive, ...read }: ReadUser): RemoteUser {
  const field = (name: 'name' | 'extension' | 'email') => {
    const value = read[name];
    return value === undefined ? (known?.[name] ?? null) : value;
  };
  return { id, name: field('name'), extension: field('extension'), email: field('email'), isActive };
}

/** Numeric ids in the order of their numbers, so that of two users with one extension the same is always taken. */
function byId(a: RemoteUser, b: RemoteUser): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}

/** Who somebody is in a base: a user, or an employee with or without a user. */
export interface StaffId {
  readonly responsible: string;
  readonly user: string | null;
}

/** One text for both references, as users are known by. */
export function staffId({ responsible, user }: StaffId): string {
  if (user === responsible) return responsible;
  return `${responsible}/${user ?? ''}`;
}

/** Reads what {@link staffId} has made; a single reference is a user, also from the settings. */
export function parseStaffId(text: string): StaffId {
  const [responsible = '', user] = text.split('/');
  return { responsible, user: user === undefined ? responsible : user || null };
}

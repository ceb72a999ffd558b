import { fields, id, list, parseJson, word } from '../../runtime/http/fields.ts';
import type { RemoteUser } from './remote-users.ts';

/** Reads the stored list of users; empty if there is none. */
export function parseUsers(stored: string | null): readonly RemoteUser[] {
  return list(parseJson(stored ?? ''))
    .map(fields)
    .flatMap((row) => {
      const user = id(row.id);
      if (user === null) return [];
      const { isActive } = row;
      const found = { id: user, name: word(row.name), extension: id(row.extension), email: word(row.email) };
      return [{ ...found, isActive: isActive === true }];
    });
}

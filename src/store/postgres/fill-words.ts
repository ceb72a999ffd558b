import { searchWords } from '../../domain/directory/search-words.ts';
import type { Connection } from './connect.ts';

/** Puts the words of every name there is into their column, and then indexes them. */
export async function fillWords(connection: Connection): Promise<void> {
  for (let after = ''; ; ) {
    const { rows } = await connection.query<{ id: string; name: string }>(
      'SELECT id, name FROM clients WHERE id > $1 ORDER BY id LIMIT 5000',
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) break;
    await connection.query(
      `UPDATE clients SET words = array_to_tsvector(string_to_array(u.w, ' '))
       FROM unnest($1::text[], $2::text[]) AS u (id, w) WHERE clients.id = u.id`,
      [rows.map((row) => row.id), rows.map((row) => searchWords(row.name).join(' '))],
    );
    after = last.id;
  }
  await connection.query('CREATE INDEX clients_words ON clients USING gin (words)');
}

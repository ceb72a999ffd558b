import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { isPostgres } from '../../src/domain/ports/store.ts';

const word = 'poison';

/** Makes a store refuse every interaction that contains the word `poison`, like a defect of ours in a table would; {@link cure} undoes it. */
export async function poison(url: string): Promise<void> {
  await change(
    url,
    `CREATE TRIGGER poisoned BEFORE INSERT ON interactions WHEN new.body LIKE '%${word}%' BEGIN SELECT RAISE(ABORT, 'refused'); END`,
    `CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       IF new.body LIKE '%${word}%' THEN RAISE EXCEPTION 'refused: %', new.body USING ERRCODE = '23514'; END IF; RETURN new; END $$;
     CREATE TRIGGER poisoned BEFORE INSERT ON interactions FOR EACH ROW EXECUTE FUNCTION poisoned()`,
  );
}

/** Undoes {@link poison}. */
export async function cure(url: string): Promise<void> {
  await change(url, 'DROP TRIGGER poisoned', 'DROP TRIGGER poisoned ON interactions; DROP FUNCTION poisoned');
}

async function change(url: string, sqlite: string, postgres: string): Promise<void> {
  if (!isPostgres(url)) {
    const db = new Sqlite(url.slice('sqlite:'.length), { timeout: 10_000 });
    db.exec(sqlite);
    db.close();
    return;
  }
  const client = new pg.Client(url);
  await client.connect();
  await client.query(postgres).finally(() => client.end());
}

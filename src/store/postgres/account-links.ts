import type { AccountLink } from '../../domain/directory/account-link.ts';
import type { Identifier } from '../../domain/interaction/interaction.ts';
import type { AccountLinkTable } from '../../domain/ports/directory-tables.ts';
import { type AccountLinkRow, kindNumbers, kindOf } from '../shared/identifiers.ts';
import type { Connection } from './connect.ts';

/** Telephones and addresses that proved to belong to the owner of a messenger account. The latest proof counts. */
export class PostgresAccountLinkTable implements AccountLinkTable {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  async of(account: string): Promise<Identifier | null> {
    const { rows } = await this.#db.query<AccountLinkRow>('SELECT * FROM account_links WHERE account = $1', [account]);
    return rows[0] === undefined ? null : { kind: kindOf(rows[0].kind), value: rows[0].value };
  }

  async accountsOf(identifiers: readonly Identifier[]): Promise<readonly Identifier[]> {
    const { rows } = await this.#db.query<{ account: string }>(
      `SELECT l.account FROM unnest($1::int[], $2::text[]) AS q (kind, value)
         JOIN account_links l ON l.kind = q.kind AND l.value = q.value`,
      [identifiers.map(({ kind }) => kindNumbers[kind]), identifiers.map(({ value }) => value)],
    );
    return rows.map(({ account }) => ({ kind: 'account', value: account }));
  }

  async put({ account, to }: AccountLink): Promise<boolean> {
    const { rowCount } = await this.#db.query(
      `INSERT INTO account_links (account, kind, value) VALUES ($1, $2, $3)
       ON CONFLICT (account) DO UPDATE SET kind = excluded.kind, value = excluded.value
         WHERE (account_links.kind, account_links.value) <> (excluded.kind, excluded.value)`,
      [account, kindNumbers[to.kind], to.value],
    );
    return rowCount === 1;
  }
}

import type { Database, Statement } from 'better-sqlite3';
import type { AccountLink } from '../../domain/directory/account-link.ts';
import type { Identifier } from '../../domain/interaction/interaction.ts';
import type { AccountLinkTable } from '../../domain/ports/directory-tables.ts';
import type { AccountLinkRow } from '../shared/identifiers.ts';
import { kindNumbers, kindOf } from '../shared/identifiers.ts';

/** Telephones and addresses that proved to belong to the owner of a messenger account. The latest proof counts. */
export class SqliteAccountLinkTable implements AccountLinkTable {
  readonly #get: Statement<[string], AccountLinkRow>;
  readonly #accounts: Statement<[number, string], { account: string }>;
  readonly #any: Statement<[], { one: number }>;
  readonly #put: Statement;

  constructor(db: Database) {
    this.#get = db.prepare('SELECT * FROM account_links WHERE account = ?');
    this.#accounts = db.prepare('SELECT account FROM account_links WHERE kind = ? AND value = ?');
    this.#any = db.prepare('SELECT 1 AS one FROM account_links LIMIT 1');
    this.#put = db.prepare('INSERT OR REPLACE INTO account_links (account, kind, value) VALUES (?, ?, ?)');
  }

  of(account: string): Identifier | null {
    const row = this.#get.get(account);
    return row === undefined ? null : { kind: kindOf(row.kind), value: row.value };
  }

  accountsOf(identifiers: readonly Identifier[]): readonly Identifier[] {
    if (this.#any.get() === undefined) return [];
    const rows = identifiers.flatMap(({ kind, value }) => this.#accounts.all(kindNumbers[kind], value));
    return rows.map(({ account }) => ({ kind: 'account', value: account }));
  }

  put({ account, to }: AccountLink): boolean {
    const before = this.of(account);
    if (before?.kind === to.kind && before.value === to.value) return false;
    this.#put.run(account, kindNumbers[to.kind], to.value);
    return true;
  }
}

/** A value or a promise of it: SQLite's tables are synchronous, PostgreSQL's are not. */
export type Awaitable<T> = T | Promise<T>;

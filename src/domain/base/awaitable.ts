/** A value, at once or later: SQLite's tables answer at once, PostgreSQL's over a wire. */
export type Awaitable<T> = T | Promise<T>;

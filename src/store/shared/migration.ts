/** One step of the schema, forward only. Never changed once released: a later step changes what it made. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

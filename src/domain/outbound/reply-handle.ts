/** What a connection needs in order to reply to a contact. */
export interface ReplyHandle {
  readonly connection: string;
  readonly handle: Readonly<Record<string, string>>;
}

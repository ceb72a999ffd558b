/** An extension, and the connection of its PBX; null: on any PBX. */
export interface ExtensionPlace {
  readonly connection: string | null;
  readonly number: string;
}

/** Parses a manager's extension: "pbx/101" is on that PBX only, "101" (connection null) is on any. */
export function parseExtension(extension: string): ExtensionPlace {
  const slash = extension.lastIndexOf('/');
  return slash < 0
    ? { connection: null, number: extension }
    : { connection: extension.slice(0, slash), number: extension.slice(slash + 1) };
}

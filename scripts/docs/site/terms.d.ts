/** A word as it is searched. */
export function toTerm(word: string): string;

const interactionPath = /^\/interactions\/([0-9a-f-]{36})$/;

/** Addresses of the pages. The server answers all of them with the page itself. */
export const addresses = {
  desk: '/',
  inbox: '/conversations',
  owed: '/owed',
  undeliverable: '/undeliverable',
  search: '/search',
  found: (question: string) => `/search?${new URLSearchParams(question === '' ? {} : { q: question })}`,
  interaction: (id: string) => `/interactions/${id}`,
} as const;

/** The interaction whose card an address shows, or null. */
export function interactionAt(path: string): string | null {
  return interactionPath.exec(path)?.[1] ?? null;
}

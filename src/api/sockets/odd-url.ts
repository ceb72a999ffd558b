/** Whether a request target is not a path of this server: it names another server, or would when resolved as a link. */
export function isOddUrl(url: string): boolean {
  return !url.startsWith('/') || /^\/[/\\]/.test(url) || url.includes('\\') || !URL.canParse(url, 'http://odd.invalid');
}

/** The path and query of a target in absolute form, which servers must accept (RFC 9112 §3.2.2). Others stay unchanged. */
export function originForm(url: string): string {
  if (url.startsWith('/') || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return url;
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

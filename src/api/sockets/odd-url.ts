/** Whether a request's target is no path of ours: another server's, or one that reads as another server's where links are resolved. */
export function isOddUrl(url: string): boolean {
  return !url.startsWith('/') || /^\/[/\\]/.test(url) || url.includes('\\') || !URL.canParse(url, 'http://odd.invalid');
}

/** The path and query of a target that names scheme and host, too, as every server must take it (RFC 9112 §3.2.2); others as they are. */
export function originForm(url: string): string {
  if (url.startsWith('/') || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return url;
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

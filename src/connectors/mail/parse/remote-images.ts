/** Limit of a tag in characters. */
const maxTagLength = 1000;

/** Whether an HTML letter contains images from other servers. Takes linear time; the tags need not be parsed exactly. */
export function hasRemoteImages(html: string): boolean {
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at + 1)) {
    if (html.slice(at + 1, at + 4).toLowerCase() !== 'img') continue;
    const head = html.slice(at, at + maxTagLength);
    const end = head.indexOf('>');
    const source = /\ssrc\s*=\s*(?:["']\s*)?(?:https?:|\/\/)/i.exec(end === -1 ? head : head.slice(0, end));
    if (source !== null) return true;
    if (end === -1) at += maxTagLength - 1;
  }
  return false;
}

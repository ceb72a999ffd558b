import type { App } from '../../api/deps.ts';
import { FormPairs, maxTextBytes } from './body.ts';
import { FormRefusal } from './refusal.ts';

/** Adds parsers for the bodies that browsers and site builders send: JSON and urlencoded. Other types are answered with 415. */
export function addFormParsers(app: App): void {
  app.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer', bodyLimit: maxTextBytes } as const;
  // Beacons can send text/plain only; their content is JSON.
  app.addContentTypeParser<Buffer>(/^(application\/([\w.+-]+\+)?json|text\/plain)/, options, (request, body, done) => {
    try {
      done(null, JSON.parse(decode(body, charsetOf(request.headers['content-type']))));
    } catch (error) {
      done(error instanceof FormRefusal ? error : unreadable('the body is not valid JSON'));
    }
  });
  app.addContentTypeParser<Buffer>('application/x-www-form-urlencoded', options, (request, body, done) => {
    try {
      const charset = charsetOf(request.headers['content-type']);
      done(null, new FormPairs(pairsOf(body.toString('latin1'), charset)));
    } catch (error) {
      done(error instanceof FormRefusal ? error : unreadable('the body is not urlencoded'));
    }
  });
}

function charsetOf(contentType: string | undefined): string | null {
  return /;\s*charset="?([\w-]+)"?/i.exec(contentType ?? '')?.[1]?.toLowerCase() ?? null;
}

/** Shared, because creating a decoder costs more than decoding a form. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Without a declared character set, text that is not UTF-8 is taken for windows-1251, as sent by old Russian sites. */
function decode(bytes: Uint8Array, charset: string | null): string {
  try {
    const decoder = charset === null || charset === 'utf-8' ? utf8 : new TextDecoder(charset, { fatal: true });
    return decoder.decode(bytes);
  } catch {
    if (charset !== null) throw unreadable('the body is not encoded in its declared character set');
    return new TextDecoder('windows-1251').decode(bytes);
  }
}

function pairsOf(text: string, charset: string | null): readonly (readonly [string, string])[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [decode(percentDecoded(name), charset), decode(percentDecoded(value), charset)] as const;
    });
}

/** Decodes percent-encoded text whose characters are bytes. A lone `%` stays as it is. */
function percentDecoded(text: string): Uint8Array {
  const plain = text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}

function unreadable(detail: string): FormRefusal {
  return new FormRefusal('unreadable', 'bad-request', detail);
}

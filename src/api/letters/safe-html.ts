import { TooDeepError, withoutTags } from '../../connectors/mail/parse/html-walk.ts';
import { escapeHtml } from '../../domain/base/escape-html.ts';
import { cleanHtml, letterElements, parsedUrl, safeLink } from './clean-html.ts';

/** Where the pictures of a letter come from. */
export interface Pictures {
  /** Embedded pictures as `data:` URLs, by their Content-ID. */
  readonly inline: ReadonlyMap<string, string>;
  /** Whether pictures on other servers are loaded. Loading them tells the sender when and where the letter is read. */
  readonly remote: boolean;
}

const pictureData = /^data:image\/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=\s]+$/i;

/**
 * Reduces a letter's HTML to what is safe to show. The result can draw and link, but not run scripts, send forms or load
 * anything. {@link letterPolicy} forbids the same a second time. HTML that is nested too deeply becomes plain text.
 */
export function safeHtml(html: string, pictures: Pictures): string {
  try {
    return cleanHtml(html, {
      elements: letterElements,
      addresses(name, { href = '', src = '' }) {
        const link = name === 'a' ? safeLink(href) : null;
        const picture = name === 'img' ? safePicture(src, pictures) : null;
        return {
          ...(link !== null && { href: link, target: '_blank', rel: 'noopener noreferrer nofollow' }),
          ...(picture !== null && { src: picture }),
        };
      },
    });
  } catch (error) {
    if (error instanceof TooDeepError) return `<pre>${escapeHtml(withoutTags(html))}</pre>`;
    throw error;
  }
}

function safePicture(src: string, { inline, remote }: Pictures): string | null {
  const id = /^\s*cid:(.+)$/i.exec(src)?.[1]?.trim();
  if (id !== undefined) return inline.get(id) ?? inline.get(unescapeHtml(id)) ?? null;
  if (pictureData.test(src.trim())) return src.trim();
  const url = remote ? parsedUrl(src) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : null;
}

function unescapeHtml(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

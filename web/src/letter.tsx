import { useState } from 'preact/hooks';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { isDark } from './settings.ts';
import type { Words } from './words/russian.ts';
import type { Language } from './words.ts';

interface LetterTextProps {
  readonly letter: Interaction;
  /** Whether a letter with a look of its own is shown so from the beginning. */
  readonly open: boolean;
  readonly text: Words;
  readonly language: Language;
}

/** What a letter says: its own words as text, or the whole of it as its writer sees it, in a frame that can do nothing. */
export function LetterText({ letter, open, text, language }: LetterTextProps) {
  const { html } = letter;
  const [whole, setWhole] = useState(open && html?.styled === true);
  const [images, setImages] = useState(false);
  if (html == null) return letter.text === null ? null : <p class="text">{letter.text}</p>;
  const look = new URLSearchParams({ lang: language, theme: isDark() ? 'dark' : 'light', images: images ? '1' : '0' });
  return (
    <>
      {whole ? (
        <iframe
          title={letter.subject ?? text.email}
          src={`/api/v1/interactions/${letter.id}/html?${look}`}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerpolicy="no-referrer"
          loading="lazy"
        />
      ) : (
        <p class="text">{letter.text}</p>
      )}
      <p class="views">
        <button type="button" class="link-like" aria-pressed={whole} onClick={() => setWhole(!whole)}>
          {whole ? text.onlyText : text.wholeLetter}
        </button>
        {whole && html.remoteImages && !images && (
          <button type="button" class="link-like" title={text.showImagesHint} onClick={() => setImages(true)}>
            {text.showImages}
          </button>
        )}
      </p>
    </>
  );
}

import { useState } from 'preact/hooks';
import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { useLanguage, useText } from '../../../i18n/language.tsx';
import { isDark } from '../../../session/settings.ts';

interface LetterTextProps {
  readonly letter: Interaction;
  /** Whether a letter with its own design is shown with it at once. */
  readonly open: boolean;
}

/** The text of a letter, or the whole letter as its author designed it, in a sandboxed frame. */
export function LetterText({ letter, open }: LetterTextProps) {
  const text = useText();
  const language = useLanguage();
  const { html } = letter;
  const [isWhole, setWhole] = useState(open && html?.styled === true);
  const [hasImages, setImages] = useState(false);
  if (html == null) return letter.text === null ? null : <p class="text">{letter.text}</p>;
  const look = new URLSearchParams({
    lang: language,
    theme: isDark() ? 'dark' : 'light',
    images: hasImages ? '1' : '0',
  });
  return (
    <>
      {isWhole ? (
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
        <button type="button" class="link-like" aria-pressed={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? text.onlyText : text.wholeLetter}
        </button>
        {isWhole && html.remoteImages && !hasImages && (
          <button type="button" class="link-like" title={text.showImagesHint} onClick={() => setImages(true)}>
            {text.showImages}
          </button>
        )}
      </p>
    </>
  );
}

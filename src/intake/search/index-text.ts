import { htmlText } from '../../connectors/mail/parse/html-text.ts';
import { indexWords } from '../../domain/search/index-words.ts';
import type { WrittenBody } from '../../domain/written/written-contact.ts';
import type { Job } from '../../runtime/jobs/job.ts';

/** The texts of a contact, and its original letter if that has more. */
export interface TextsToIndex {
  readonly texts: readonly string[];
  readonly letter: (Pick<WrittenBody, 'mime'> & { readonly text: string }) | null;
}

/** Prepares the words under which a contact is found, separated by blanks. */
export const indexText: Job<TextsToIndex, string> = {
  name: 'index-text',
  run: ({ texts, letter }) => {
    const whole = letter === null ? [] : [letter.mime === 'text/html' ? htmlText(letter.text) : letter.text];
    return indexWords([...texts, ...whole]).join(' ');
  },
};

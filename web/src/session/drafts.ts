import { useState } from 'preact/hooks';
import { forget, recall, remember } from './tab-storage.ts';

const prefix = 'draft:';

/**
 * An unfinished text under a name. The tab keeps it until it is sent, so that a call that takes over the page or a reload
 * does not lose it. An empty text is not kept.
 */
export function useDraft(name: string, initial = ''): readonly [string, (text: string) => void] {
  const [text, setText] = useState(() => recall(prefix + name) ?? initial);
  return [
    text,
    (next) => {
      setText(next);
      if (next === '' || next === initial) forget(prefix + name);
      else remember(prefix + name, next);
    },
  ];
}

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

/** How the forms that are on the page bring back what they sent, by the interaction's id. */
const restorers = new Map<string, () => void>();
/** Only what was sent just now can still be taken back with its files. */
const maxRestorers = 20;

/** Remembers how to bring back what a form has sent, should it be taken back. */
export function rememberSent(id: string, restore: () => void): void {
  restorers.set(id, restore);
  const [oldest] = restorers.keys();
  if (restorers.size > maxRestorers && oldest !== undefined) restorers.delete(oldest);
}

/** Brings what was taken back into its form again. False if the form does not know it any more, such as after a reload. */
export function restoreSent(id: string): boolean {
  const restore = restorers.get(id);
  restorers.delete(id);
  restore?.();
  return restore !== undefined;
}

/** Keeps a text and its HTML, which may be empty, as the draft `name`, unless there is another one. */
export function keepDraft(name: string, { text, html }: { readonly text: string; readonly html: string }): void {
  if (recall(`${prefix}${name}:text`) !== null) return;
  remember(`${prefix}${name}:text`, text);
  if (html !== '') remember(`${prefix}${name}:html`, html);
}

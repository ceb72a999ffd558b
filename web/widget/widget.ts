import { attach, draw } from './forms.ts';
import { rememberVisit } from './marks.ts';
import { showNumber } from './numbers.ts';
import { flush } from './queue.ts';

const all = <T extends Element>(selector: string) => document.querySelectorAll<T>(selector);

function start(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    '.patchbay{display:grid;gap:.6em;max-width:24em}.patchbay :is(input:not([type=checkbox]),textarea,button){font:inherit;padding:.6em}.patchbay p{margin:0}',
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  for (const form of all<HTMLFormElement>('form[data-patchbay]')) attach(form);
  for (const place of all('[data-patchbay-form]')) draw(place, false);
  for (const place of all('[data-patchbay-callback]')) draw(place, true);
  void showNumber(all<HTMLElement>('[data-patchbay-number]'));
  void flush();
}

rememberVisit();
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();

import { config, language } from './config.ts';
import { visitFields } from './marks.ts';
import { submit } from './queue.ts';
import { words } from './words.ts';

type Attributes = Record<string, string | boolean>;

/** Sends a form of the page to the gateway instead of its own `action`. Fires `patchbay:sent` on the form after the gateway has it. */
export function attach(form: HTMLFormElement): void {
  const openedAt = performance.now();
  form.append(element('input', { name: config.trap, tabIndex: '-1', autocomplete: 'off', hidden: true }));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const button = form.querySelector<HTMLButtonElement>('button:not([type=button]),[type=submit]');
    if (button?.disabled) return;
    const fields: Record<string, unknown> = {
      ...visitFields(),
      _pb_lang: language,
      _pb_elapsed: Math.round(performance.now() - openedAt),
    };
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string') fields[name] = name in fields ? `${fields[name]}, ${value}` : value;
    }
    if (config.consent) {
      fields._pb_consent_text = config.consent.text;
      fields._pb_consent_version = config.consent.version ?? '';
    }
    if (button) button.disabled = true;
    submit(fields, (outcome) => {
      say(form, outcome === null ? words.waits : outcome.ok ? (outcome.text ?? words.sent) : outcome.detail);
      if (outcome === null) return;
      if (button) button.disabled = false;
      if (!outcome.ok) return;
      form.reset();
      form.dispatchEvent(new CustomEvent('patchbay:sent', { bubbles: true }));
    });
  });
}

/** Adds a form to an element: the contact form, or only a telephone number for a call back. */
export function draw(place: Element, callback: boolean): void {
  const form = element('form', { className: 'patchbay' }) as HTMLFormElement;
  const input = (name: 'name' | 'phone' | 'comment', tag: string, more: Attributes) =>
    form.append(element(tag, { name, placeholder: words[name], ariaLabel: words[name], ...more }));
  if (!callback) input('name', 'input', { autocomplete: 'name' });
  input('phone', 'input', { type: 'tel', autocomplete: 'tel', required: true });
  if (callback) form.append(element('input', { type: 'hidden', name: '_pb_request', value: 'callback' }));
  else input('comment', 'textarea', {});
  if (config.consent) {
    const label = element('label', {});
    label.append(
      element('input', { type: 'checkbox', name: '_pb_consent', required: config.consent.required }),
      ` ${config.consent.text}`,
    );
    form.append(label);
  }
  form.append(element('button', { textContent: callback ? words.call : words.send }));
  place.append(form);
  attach(form);
}

function say(form: HTMLFormElement, text: string): void {
  let place = form.querySelector<HTMLElement>('[data-patchbay-message]');
  if (!place) {
    place = element('p', { role: 'status' });
    place.dataset.patchbayMessage = '';
    form.append(place);
  }
  place.textContent = text;
}

function element(tag: string, attributes: Attributes): HTMLElement {
  return Object.assign(document.createElement(tag), attributes);
}

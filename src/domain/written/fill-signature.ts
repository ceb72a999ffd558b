import { escapeHtml } from '../base/escape-html.ts';
import type { Line, Manager } from '../directory/manager.ts';
import { variable } from './canned-answer.ts';
import { type Signature, type SignatureVariable, signatureVariables } from './signature.ts';

/** A signature whose variables are filled in. */
export type FilledSignature = Pick<Signature, 'text' | 'html' | 'logo'>;

/** Fills in a signature. A line of it whose variable has no value is left out. */
export function fillSignature(
  signature: Signature,
  manager: Manager | undefined,
  line: Line | undefined,
): FilledSignature {
  const values: Readonly<Record<SignatureVariable, string | null | undefined>> = {
    'manager.name': manager?.name,
    // With several PBXs an extension is named `connection/number`.
    'manager.extension': manager?.extensions[0]?.split('/').at(-1),
    'manager.mobile': manager?.mobile,
    'manager.email': manager?.email,
    'manager.department': manager?.department,
    company: signature.company,
    line: line?.label,
  };
  const { text, html, logo } = signature;
  return {
    text: text === null ? null : filled(text, values, (value) => value).trim(),
    html: html === null ? null : filled(html, values, escapeHtml).trim(),
    logo,
  };
}

function filled(
  template: string,
  values: Readonly<Record<SignatureVariable, string | null | undefined>>,
  written: (value: string) => string,
): string {
  const lines = template.split('\n').flatMap((line) => {
    let isKnown = true;
    const text = line.replace(variable, (whole, given: string) => {
      const name = signatureVariables.find((one) => one === given);
      if (name === undefined) return whole;
      const value = values[name] ?? '';
      isKnown &&= value !== '';
      return written(value);
    });
    return isKnown ? [text] : [];
  });
  return lines.join('\n');
}

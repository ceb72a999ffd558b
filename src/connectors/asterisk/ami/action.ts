import { AmiError } from './errors.ts';

/** Headers of an action. A list becomes a repeated header (`Variable` of an Originate); undefined is omitted. */
export type AmiHeaders = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Asterisk reads lines of at most 1024 bytes including the line end, and 128 lines per action (main/manager.c). */
const maxLineBytes = 1024;
const maxLines = 128;

/**
 * Encodes an action. Throws an AmiError (`unsafe`) if a name or value contains CR, LF or NUL, because a caller-controlled value
 * could then inject a header or an action, or if a line is longer than Asterisk accepts.
 */
export function encodeAction(name: string, actionId: string, headers: AmiHeaders): string {
  const lines = [line('Action', name), line('ActionID', actionId)];
  for (const [key, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    if (/^action(id)?$/i.test(key))
      throw new AmiError('unsafe', `the header ${key} of an AMI action is set by the client itself`);
    for (const item of Array.isArray(value) ? value : [value]) lines.push(line(key, String(item)));
  }
  if (lines.length > maxLines) {
    throw new AmiError('unsafe', `an AMI action may have ${maxLines} lines, this one has ${lines.length}`);
  }
  return `${lines.join('')}\r\n`;
}

function line(key: string, value: string): string {
  if (!/^[A-Za-z0-9_().-]+$/.test(key)) {
    throw new AmiError('unsafe', 'the name of an AMI header may hold only letters, digits and _ ( ) . -');
  }
  if (/[\r\n\0]/.test(value))
    throw new AmiError('unsafe', `the AMI header ${key} holds CR, LF or NUL; remove them first`);
  const text = `${key}: ${value}\r\n`;
  if (text.length * 3 > maxLineBytes && Buffer.byteLength(text) > maxLineBytes) {
    throw new AmiError(
      'unsafe',
      `the AMI header ${key} is longer than the ${maxLineBytes} bytes a line that Asterisk reads`,
    );
  }
  return text;
}

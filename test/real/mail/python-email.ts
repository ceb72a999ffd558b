import { spawnSync } from 'node:child_process';

/** A letter as Python's `email` package reads it. */
export interface PythonLetter {
  readonly subject: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly inReplyTo: string;
  readonly references: readonly string[];
  readonly text: string;
  readonly html: string | null;
  readonly defects: readonly string[];
  readonly inline: readonly { readonly id: string; readonly type: string; readonly content: string }[];
  /** Contents in Base64. */
  readonly attachments: readonly { readonly name: string; readonly content: string }[];
}

const script = `
import base64, json, sys
from email import policy
from email.parser import BytesParser
letter = BytesParser(policy=policy.default).parsebytes(sys.stdin.buffer.read())
body = lambda kind: None if letter.get_body((kind,)) is None else letter.get_body((kind,)).get_content()
content = lambda part: base64.b64encode(part.get_payload(decode=True)).decode()
addresses = lambda name: [] if letter[name] is None else [one.addr_spec for one in letter[name].addresses]
print(json.dumps({
  'subject': letter['subject'],
  'to': addresses('to'),
  'cc': addresses('cc'),
  'inReplyTo': (letter['in-reply-to'] or '').strip(),
  'references': (letter['references'] or '').split(),
  'text': body('plain'),
  'html': body('html'),
  'defects': [repr(defect) for part in letter.walk() for defect in part.defects],
  'inline': [{'id': part['content-id'].strip(), 'type': part.get_content_type(), 'content': content(part)}
             for part in letter.walk() if part['content-id']],
  'attachments': [{'name': part.get_filename(), 'content': content(part)} for part in letter.iter_attachments()],
}))
`;

/** Reads a letter with a program that is not ours. */
export function readByPython(letter: Buffer): PythonLetter {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script], { input: letter, encoding: 'utf8' });
  if (status !== 0) throw new Error(`python3 could not read the letter: ${stderr}`);
  return JSON.parse(stdout) as PythonLetter;
}

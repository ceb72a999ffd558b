import { describe, expect, it } from 'vitest';
import { eventKey, type InteractionId } from '../../../src/domain/base/ids.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import type { BlobId } from '../../../src/domain/ports/blobs.ts';
import { maxEditLength, maxEdits, maxEditsLength, withEdit } from '../../../src/domain/written/edits.ts';
import { contentAfter, deletedAt, firstContent, sentParts } from '../../../src/domain/written/message-content.ts';
import type { WrittenContact } from '../../../src/domain/written/written-contact.ts';
import { letter, writtenAt, writtenTime } from '../../support/written.ts';

const id = '01900000-0000-7000-8000-000000000001' as InteractionId;
const key = (name: string) => eventKey('mail', name);
const file = (name: string) => ({ id: name, name, mime: 'image/jpeg', bytes: 1, url: name });

/** A message after contacts about it, in this order. */
function messageAfter(...contacts: readonly [WrittenContact, readonly string[]][]): Interaction {
  let known: Interaction | null = null;
  for (const [contact, names] of contacts) {
    const files = names.map(file);
    const content: object = known === null ? firstContent(id, contact, files) : contentAfter(known, contact, files);
    known = { ...(known ?? { id, revision: 1 }), ...content } as Interaction;
  }
  return known as Interaction;
}

const said = (text: string | null, editedAt?: number, more: Partial<WrittenContact> = {}) =>
  letter('1', { text, ...(editedAt !== undefined && { editedAt }), ...more });
const edited = (second: number) => writtenAt + second * 1000;
const texts = ({ edits }: Interaction) => edits.map(({ text }) => text);

describe('an edited message', () => {
  it('keeps its earlier texts, oldest first, with the times of the edits', () => {
    const message = messageAfter([said('one'), []], [said('two', edited(1)), []], [said('three', edited(2)), []]);
    expect(message.text).toBe('three');
    expect(message.edits).toEqual([
      { at: writtenTime(1), text: 'one' },
      { at: writtenTime(2), text: 'two' },
    ]);
  });

  it('is not changed by repeats and outdated versions, whatever the connector remembers', () => {
    const edits: [WrittenContact, string[]][] = [
      [said('one'), []],
      [said('two', edited(1)), []],
      [said('three', edited(2)), []],
    ];
    const message = messageAfter(...edits);
    expect(messageAfter(...edits, ...edits)).toEqual(message);
    expect(messageAfter(...edits, [said('one'), ['late.jpg']])).toEqual(message);
  });

  it('keeps both texts of two edits in one second', () => {
    const message = messageAfter([said('one'), []], [said('two', edited(1)), []], [said('three', edited(1)), []]);
    expect([message.text, texts(message)]).toEqual(['three', ['one', 'two']]);
  });

  it('does not count the mark of a file that is missing as an edit', () => {
    const first: [WrittenContact, string[]][] = [
      [said('one'), []],
      [said('two', edited(1)), []],
      [said('two\n[a.jpg: ✕]', edited(1)), []],
    ];
    expect(texts(messageAfter(...first, [said('two', edited(1)), []]))).toEqual(['one']);
  });

  it('is shown as edited if only its last version was received', () => {
    expect(messageAfter([said('two', edited(1)), []]).edits).toEqual([{ at: writtenTime(1), text: null }]);
    // VK names a time of change in messages that were never edited.
    expect(messageAfter([said('one', writtenAt), []]).edits).toEqual([]);
  });

  it('keeps a limited number and size of earlier texts, and always the first', () => {
    let edits = withEdit([], 'first', 1);
    for (let n = 2; n <= 100; n += 1) edits = withEdit(edits, `text ${n}`, n);
    expect(edits).toHaveLength(maxEdits);
    expect([edits[0]?.text, edits.at(-1)?.text]).toEqual(['first', 'text 100']);
    for (let n = 101; n <= 110; n += 1) edits = withEdit(edits, '😀'.repeat(maxEditLength), n);
    expect(edits[0]?.text).toBe('first');
    expect(edits.at(-1)?.text?.length).toBeLessThanOrEqual(maxEditLength + 1);
    expect(edits.at(-1)?.text?.isWellFormed()).toBe(true);
    expect(edits.reduce((sum, { text }) => sum + (text?.length ?? 0), 0)).toBeLessThanOrEqual(maxEditsLength);
  });
});

describe('an album', () => {
  const part = (name: string, text: string | null, editedAt?: number) =>
    said(text, editedAt, { key: key(name), part: { textBefore: null } });
  const album: [WrittenContact, string[]][] = [
    [part('1', 'defects'), ['a.jpg']],
    [part('2', null), ['b.jpg']],
    [part('3', 'worst'), ['c.jpg']],
  ];

  it('knows which part has which words and files', () => {
    expect(messageAfter(...album)).toMatchObject({
      text: 'defects\nworst',
      attachments: [{ id: 'a.jpg' }, { id: 'b.jpg' }, { id: 'c.jpg' }],
      parts: [
        { text: 'defects', attachments: ['a.jpg'] },
        { text: null, attachments: ['b.jpg'] },
        { text: 'worst', attachments: ['c.jpg'] },
      ],
    });
    expect(messageAfter(...album, ...album)).toEqual(messageAfter(...album));
  });

  it('changes only the edited part, even if the connector has forgotten its words', () => {
    const message = messageAfter(
      ...album,
      [part('3', 'mended', edited(9)), ['d.jpg']],
      [part('1', 'defects'), ['a.jpg']],
    );
    expect([message.text, texts(message)]).toEqual(['defects\nmended', ['defects\nworst']]);
    expect(message.attachments.map((one) => one.id)).toEqual(['a.jpg', 'b.jpg', 'd.jpg']);
    // An outdated version of the part changes nothing.
    expect(messageAfter(...album, [part('3', 'mended', edited(9)), ['d.jpg']], ...album)).toEqual(message);
  });

  it('loses one part at a time, and is deleted with the last one', () => {
    const whole = messageAfter(...album);
    const first = deletedAt(whole, edited(5), key('2')) as Interaction;
    expect(first).toMatchObject({ deletedAt: null, text: 'defects\nworst', revision: 2 });
    expect(first.parts.map((one) => one.deletedAt)).toEqual([null, writtenTime(5), null]);
    expect(deletedAt(first, edited(6), key('2'))).toBeNull();
    const second = deletedAt(first, edited(6), key('1')) as Interaction;
    const last = deletedAt(second, edited(7), key('3')) as Interaction;
    expect(last).toMatchObject({ deletedAt: writtenTime(7), text: 'defects\nworst' });
    expect(last.attachments).toHaveLength(3);
  });

  it('is not deleted while a part arrives that is there', () => {
    const only = deletedAt(messageAfter([part('1', 'a'), []]), edited(5), key('1')) as Interaction;
    expect(only.deletedAt).not.toBeNull();
    expect({ ...only, ...contentAfter(only, part('2', 'b'), []) }).toMatchObject({ text: 'a\nb', deletedAt: null });
  });
});

it('a message of ours that was sent in pieces loses one piece at a time', () => {
  const picture = { blob: 'ab'.repeat(32) as BlobId, name: 'a.jpg', mime: 'image/jpeg', bytes: 1 };
  const parts = sentParts(id, [
    { key: key('out1'), text: 'look', files: [] },
    { key: key('out2'), text: null, files: [picture] },
  ]);
  const ours = { ...messageAfter([said('look'), []]), parts };
  const next = deletedAt(ours, edited(1), key('out2'));
  expect(next).toMatchObject({ deletedAt: null, parts: [{ deletedAt: null }, { deletedAt: expect.any(String) }] });
});

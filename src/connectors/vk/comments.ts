import { entryOf } from '../../domain/base/entry-of.ts';
import { eventKey } from '../../domain/base/ids.ts';
import type { WrittenDeletion } from '../../domain/written/written-contact.ts';
import { type Fields, id, moment, number } from '../../runtime/http/fields.ts';
import { said, shown, together } from '../shared/content.ts';
import { type Incoming, serviceEvent, type Unshown } from '../shared/messages.ts';
import { clientMessage } from '../shared/messenger.ts';
import { readContent } from './content.ts';
import type { WishReading } from './wishes.ts';

/** Where people comment. */
export type CommentPlace = 'wall' | 'photo' | 'video' | 'market' | 'board';

/** The events of each place begin with this, and name the object that is commented on in these fields. */
const places: Readonly<
  Record<string, { readonly place: CommentPlace; readonly owner: string; readonly item: string }>
> = {
  wall_reply: { place: 'wall', owner: 'post_owner_id', item: 'post_id' },
  photo_comment: { place: 'photo', owner: 'photo_owner_id', item: 'photo_id' },
  video_comment: { place: 'video', owner: 'video_owner_id', item: 'video_id' },
  market_comment: { place: 'market', owner: 'market_owner_id', item: 'item_id' },
  board_post: { place: 'board', owner: 'topic_owner_id', item: 'topic_id' },
};

/** Parses an event about a comment. Null if it is no such event. */
export function readComment(
  type: string,
  comment: Fields,
  { wanted, ...reading }: WishReading & { readonly wanted: readonly CommentPlace[] },
): Incoming | Unshown | WrittenDeletion | null {
  const { connection, now, words } = reading;
  const [, about = '', act = ''] =
    /^(wall_reply|photo_comment|video_comment|market_comment|board_post)_(\w+)$/.exec(type) ?? [];
  const known = entryOf(places, about);
  if (known === undefined) return null;
  const { place, owner, item } = known;
  // The community's own comments have negative authors.
  const [user, number_] = [id(comment.from_id), id(comment.id)];
  const owned = id(comment[owner] ?? comment.owner_id);
  if (!wanted.includes(place) || number_ === null) return serviceEvent(type);
  const key = eventKey(connection, `comment:${place}:${owned ?? ''}:${number_}`);
  if (act === 'delete') return { kind: 'deletion', key, connection, at: now };
  if (user === null || (number(user) ?? 0) <= 0) return serviceEvent(type);
  const on = id(comment[item]);
  const address = on === null || owned === null ? null : addressOf(place, owned, on, number_);
  const content = together(readContent(comment, words), said(`${words.comment}: ${address ?? place}`));
  const envelope = clientMessage({
    kind: 'vk',
    key,
    connection,
    account: { id: user, username: null },
    name: null,
    phone: null,
    chat: user,
    at: moment(comment.date, 1000, now),
    answers: [],
    attribution: null,
    handle: { peer: user },
  });
  return shown(envelope, content, { raw: comment, type, edited: act === 'edit' ? now : 0, words });
}

function addressOf(place: CommentPlace, owner: string, item: string, comment: string): string {
  if (place === 'board') return `https://vk.com/topic${owner}_${item}?post=${comment}`;
  return `https://vk.com/${place}${owner}_${item}${place === 'wall' ? `?reply=${comment}` : ''}`;
}

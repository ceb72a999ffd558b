import { type Answered, type Asked, formParts, json, ScriptedService } from './scripted-service.ts';

/** The methods of VK's API that we use, as strict as documented (dev.vk.com). Like VK, it remembers each `random_id`. */
export class VkServer extends ScriptedService {
  readonly token = 'vk1.a.community-token';
  readonly messages: {
    readonly peer: string;
    readonly text: string;
    readonly attachment: string | null;
    readonly random: string;
  }[] = [];
  readonly files = new Map<string, Buffer>();
  /** Whole messages by their id, for those that it crops in its events. */
  readonly whole = new Map<string, object>();
  /** Pictures that were uploaded as photos. */
  readonly photos: Buffer[] = [];
  /** What clients were shown: `typing PEER`, `read PEER`. */
  readonly marks: string[] = [];
  /** Whether the community's key may use photos. */
  takesPhotos = true;
  root = '';
  /** The error that `messages.send` returns. */
  refuses: number | null = null;

  constructor() {
    super((asked) => this.#answer(asked));
  }

  #answer(asked: Asked): Answered {
    if (asked.path.startsWith('/cdn/')) {
      const body = this.files.get(asked.path.slice(5));
      return body === undefined ? { status: 404 } : { body };
    }
    if (asked.path === '/upload' && asked.query.get('type') === 'photo') {
      const { photo } = formParts(asked);
      // A file that VK does not read as a picture leads to an empty list.
      const isPicture = photo?.filename != null && /^(\xff\xd8\xff|\x89PNG|GIF8)/.test(photo.body.toString('latin1'));
      if (isPicture) this.photos.push(photo.body);
      return json({ server: 7, photo: isPicture ? `[{"photo":"${this.photos.length}"}]` : '[]', hash: 'h1' });
    }
    if (asked.path === '/upload') {
      const isVoice = asked.query.get('type') === 'audio_message';
      const { file } = formParts(asked);
      return file?.filename == null
        ? json({ error: 'no_file' })
        : json({ file: `${isVoice ? 'voice' : 'up'}|${file.body.toString('utf8')}` });
    }
    const given = new URLSearchParams(String(asked.body));
    if (given.get('access_token') !== this.token) return fail(5, 'User authorization failed: invalid access_token');
    if (given.get('v') !== '5.199') return fail(8, 'Invalid request: v is required');
    switch (asked.path) {
      case '/groups.getById':
        return json({ response: { groups: [{ id: Number(given.get('group_id')), name: 'Shop' }] } });
      case '/users.get':
        return json({ response: [{ id: Number(given.get('user_ids')), first_name: 'Ivan', last_name: 'Petrov' }] });
      case '/messages.getById': {
        const found = this.whole.get(given.get('message_ids') ?? '');
        return json({ response: { count: found === undefined ? 0 : 1, items: found === undefined ? [] : [found] } });
      }
      case '/photos.getMessagesUploadServer':
        if (!this.takesPhotos) return fail(15, 'Access denied: no access to call this method');
        return /^\d+$/.test(given.get('peer_id') ?? '')
          ? json({ response: { album_id: -64, upload_url: `${this.root}/upload?type=photo`, user_id: 0, group_id: 9 } })
          : fail(100, 'One of the parameters specified was missing or invalid: peer_id');
      case '/photos.saveMessagesPhoto':
        if (given.get('server') !== '7' || given.get('hash') !== 'h1') return fail(121, 'Invalid hash');
        return given.get('photo')?.startsWith('[{') === true
          ? json({ response: [{ id: 300 + this.photos.length, owner_id: -9, album_id: -3, sizes: [] }] })
          : fail(129, 'Invalid photo');
      case '/messages.setActivity':
        if (given.get('type') !== 'typing' || !/^\d+$/.test(given.get('peer_id') ?? ''))
          return fail(100, 'One of the parameters specified was missing or invalid');
        this.marks.push(`typing ${given.get('peer_id')}`);
        return json({ response: 1 });
      case '/messages.markAsRead':
        if (given.get('mark_conversation_as_read') !== '1' || !/^\d+$/.test(given.get('peer_id') ?? ''))
          return fail(100, 'One of the parameters specified was missing or invalid');
        this.marks.push(`read ${given.get('peer_id')}`);
        return json({ response: 1 });
      case '/docs.getMessagesUploadServer':
        return ['doc', 'audio_message'].includes(given.get('type') ?? '')
          ? json({ response: { upload_url: `${this.root}/upload?type=${given.get('type')}` } })
          : fail(100, 'One of the parameters specified was missing or invalid: type');
      case '/docs.save':
        if (given.get('file')?.startsWith('voice|'))
          return json({ response: { type: 'audio_message', audio_message: { id: 6, owner_id: -9 } } });
        return given.get('file')?.startsWith('up|')
          ? json({ response: { type: 'doc', doc: { id: 5, owner_id: -9 } } })
          : fail(100, 'file is invalid');
      case '/messages.send':
        return this.#send(given);
      default:
        return fail(3, 'Unknown method passed');
    }
  }

  #send(given: URLSearchParams): Answered {
    const [peer = '', random = '', text = ''] = ['peer_id', 'random_id', 'message'].map(
      (name) => given.get(name) ?? '',
    );
    if (!/^\d+$/.test(peer) || !/^-?\d+$/.test(random) || Math.abs(Number(random)) >= 2 ** 31)
      return fail(100, 'One of the parameters is invalid');
    if (this.refuses !== null) return fail(this.refuses, 'refused');
    if (text.length > 9000) return fail(914, 'Message is too long');
    const known = this.messages.findIndex((message) => message.random === random);
    if (known >= 0) return json({ response: known + 1 });
    this.messages.push({ peer, text, attachment: given.get('attachment'), random });
    return json({ response: this.messages.length });
  }
}

function fail(error_code: number, error_msg: string): Answered {
  return json({ error: { error_code, error_msg, request_params: [] } });
}

import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { type Static, Type } from 'typebox';
import { eventKey } from '../domain/base/ids.ts';
import { cleanText, normaliseEmail, parsePhone } from '../domain/directory/identifiers.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { OutboundChannel, OutboundContent } from '../domain/outbound/outbound.ts';
import { replySubject, type WrittenAttachment } from '../domain/written/written-contact.ts';
import type { ApiDeps, App, SendingConnection } from './deps.ts';
import { allow, interactionOf, principalOf } from './principal.ts';
import { invalid, Problem, written } from './problem.ts';
import { answers, named } from './schemas/common.ts';

const strict = { additionalProperties: false } as const;
/** Attachments travel in the body as base64, a third larger than they are. */
const largestBody = 36 * 1024 * 1024;
const largestFile = 25 * 1024 * 1024;
/** An answer that leaves a day late is worse than one that is seen to have failed. */
const lifetime = 24 * 3_600_000;

const PostBody = Type.Object(
  {
    key: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Yours; the same key twice is one message.' }),
    ),
    manager: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'Who writes; an operator writes as himself.' }),
    ),
    interaction: Type.Optional(
      Type.String({ maxLength: 64, description: 'What is answered, on the channel it came by.' }),
    ),
    to: Type.Optional(
      Type.Union([
        Type.String({ minLength: 3, maxLength: 254, description: 'An e-mail address or a telephone number.' }),
        Type.Object(
          {
            email: Type.Optional(Type.String({ maxLength: 254 })),
            phone: Type.Optional(Type.String({ maxLength: 64 })),
            name: Type.Optional(Type.String({ maxLength: 200 })),
          },
          strict,
        ),
      ]),
    ),
    connection: Type.Optional(
      Type.String({ maxLength: 64, description: 'By which connection; the first that can reach `to` by default.' }),
    ),
    line: Type.Optional(Type.String({ maxLength: 64, description: 'The line it leaves by.' })),
    subject: Type.Optional(Type.String({ maxLength: 998 })),
    text: Type.String({ minLength: 1, maxLength: 100_000 }),
    automatic: Type.Optional(
      Type.Boolean({
        description:
          'A program wrote it, not a human: marked so on its way (RFC 3834), it ends nobody’s waiting, and it is refused where it would answer what no human wrote or would be the fourth to an address in a day.',
      }),
    ),
    attachments: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 255 }),
            mime: Type.String({ pattern: '^[\\w.+-]+/[\\w.+-]+$', maxLength: 127 }),
            content: Type.String({ description: 'base64' }),
          },
          strict,
        ),
        { maxItems: 20 },
      ),
    ),
  },
  strict,
);
type Body = Static<typeof PostBody>;

const Params = Type.Object({ id: Type.String({ maxLength: 64 }) });
const One = named<Interaction>('Interaction');
const tags = ['messages'];

/** Replies, and writing first: what is written here is stored before anything is sent, and its interaction tells how far it came. */
export function messageRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  app.post(
    '/messages',
    { onRequest, bodyLimit: largestBody, schema: { tags, body: PostBody, response: answers({ 202: One }) } },
    async (request, reply) => {
      const { body } = request;
      const principal = principalOf(request);
      if ((body.interaction === undefined) === (body.to === undefined))
        throw invalid('/to', 'to', 'expected either `interaction` or `to`');
      const manager = body.manager ?? principal.manager?.id;
      if (manager === undefined || !deps.staff().managers.some((one) => one.id === manager))
        throw invalid('/manager', 'manager', 'no such manager');
      if (principal.role === 'operator' && manager !== principal.manager?.id)
        throw new Problem('forbidden', 'operators write as themselves only');
      const parent = body.interaction === undefined ? null : await interactionOf(deps, request, body.interaction);
      const to = parent === null ? addressee(body, deps.settings.country) : partyOf(parent);
      const connection =
        parent === null || body.connection !== undefined
          ? chosen(body, to, ownAddress(deps, manager), writing(deps))
          : null;
      const channel = connection?.channel ?? (parent?.channel === 'email' ? 'email' : 'message');
      const at = deps.clock.now();
      if (body.automatic === true && parent !== null && parent.automatic !== null)
        throw new Problem('conflict', `a program answers nothing that no human wrote, and this is ${parent.automatic}`);
      const [result] = await deps.intake.apply([
        {
          op: 'send',
          key: eventKey(`send:${principal.login}`, body.key ?? randomUUID()),
          channel,
          answers: parent?.id ?? null,
          connection: connection?.connection ?? null,
          content: {
            manager,
            to,
            subject: subjectOf(body, channel, parent),
            text: body.text,
            attachments: await stored(body, deps),
            ...(body.automatic === true && { automatic: true }),
            // An answer leaves by the address that was written to.
            line: body.line ?? (connection === null ? parent?.line?.id : undefined) ?? null,
          },
          by: principal.by,
          expiresAt: at + lifetime,
          at,
        },
      ]);
      const interaction = written(result).changes[0]?.interaction;
      if (interaction === undefined) throw new Problem('internal', 'nothing was written');
      return reply.code(202).header('location', `/api/v1/interactions/${interaction.id}`).send(interaction);
    },
  );

  const resending = { tags, params: Params, response: answers({ 200: One }) };
  app.post('/messages/:id/resend', { onRequest, schema: resending }, async (request) => {
    const { id, channel } = await interactionOf(deps, request, request.params.id);
    if (channel === 'call') throw new Problem('conflict', 'a call is not repeated: ask for a new one by POST /calls');
    const at = deps.clock.now();
    const [result] = await deps.intake.apply([{ op: 'resend', id, expiresAt: at + lifetime, at }]);
    written(result);
    return interactionOf(deps, request, id);
  });
}

function partyOf({ party }: Interaction): OutboundContent['to'] {
  return { email: party.email, phone: party.phone, account: party.account, name: party.name };
}

function addressee({ to }: Body, country: string): OutboundContent['to'] {
  const given = typeof to === 'string' ? (to.includes('@') ? { email: to } : { phone: to }) : (to ?? {});
  const { email: rawEmail, phone: rawPhone, name }: { email?: string; phone?: string; name?: string } = given;
  const email = rawEmail === undefined ? null : normaliseEmail(rawEmail);
  const phone = rawPhone === undefined ? null : parsePhone(rawPhone, country).phone;
  if (email === null && phone === null) throw invalid('/to', 'to', 'no e-mail address and no telephone number');
  return { email, phone, account: null, name: name === undefined ? null : cleanText(name, 200) || null };
}

/** The connections that can write: a PBX only calls. */
function writing(deps: ApiDeps): readonly SendingConnection[] {
  return deps.sending().filter(({ channel }) => channel !== 'call');
}

function ownAddress(deps: ApiDeps, manager: string): string | null {
  return (
    deps
      .staff()
      .managers.find((one) => one.id === manager)
      ?.email?.toLowerCase() ?? null
  );
}

/** An answer to a letter without a subject of its own has that letter's. */
function subjectOf({ subject }: Body, channel: OutboundChannel, parent: Interaction | null): string | null {
  if (subject !== undefined) return cleanText(subject, 998) || null;
  return channel === 'email' ? replySubject(parent?.subject ?? null) : null;
}

/**
 * By which connection something leaves: the one that was named, else the line's, else the writer's own mailbox, else the first
 * that can reach whom it is for.
 */
function chosen(
  { connection, line }: Body,
  to: OutboundContent['to'],
  own: string | null,
  all: readonly SendingConnection[],
): SendingConnection {
  if (connection !== undefined) {
    const found = all.find((one) => one.connection === connection);
    if (found === undefined) throw invalid('/connection', 'connection', 'no connection of this name can send');
    return found;
  }
  const able = all.filter((one) => to[one.to] !== null);
  const found =
    able.find((one) => line !== undefined && one.lines.includes(line)) ??
    able.find(({ address }) => own !== null && address?.toLowerCase() === own) ??
    able[0];
  if (found === undefined) throw invalid('/to', 'to', 'no connection can reach this address');
  return found;
}

async function stored({ attachments = [] }: Body, deps: ApiDeps): Promise<readonly WrittenAttachment[]> {
  const files: WrittenAttachment[] = [];
  for (const [i, { name, mime, content }] of attachments.entries()) {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(content)) throw invalid(`/attachments/${i}/content`, 'base64', 'not base64');
    const { id, bytes } = await deps.blobs.put(Readable.from([Buffer.from(content, 'base64')]), largestFile);
    files.push({ blob: id, name: cleanText(name, 255) || 'file', mime, bytes });
  }
  return files;
}

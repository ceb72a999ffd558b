import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Static } from 'typebox';
import { eventKey } from '../domain/base/ids.ts';
import { normaliseEmail } from '../domain/directory/email-address.ts';
import { cleanText, parsePhone } from '../domain/directory/identifiers.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { OutboundChannel, OutboundContent } from '../domain/outbound/outbound.ts';
import { canBeQuoted } from '../domain/written/quotable.ts';
import { forwardSubject, replySubject, type WrittenAttachment } from '../domain/written/written-contact.ts';
import type { ApiDeps, App, SendingConnection } from './deps.ts';
import { type Forwarding, forwarding, quotationOf } from './earlier-letters.ts';
import { wordsOf } from './letters/written-html.ts';
import { allow, interactionOf, principalOf } from './principal.ts';
import { invalid, Problem, written, writtenInteraction } from './problem.ts';
import { answers, ref, schemaRef } from './schemas/common.ts';
import { InteractionParams as params } from './schemas/params.ts';
import { NewMessage } from './schemas/requests.ts';
import { chosenTemplate } from './writing/chosen-template.ts';
import { refuseAfterWindow } from './writing/window.ts';

/** Bytes of a body. Base64 makes attachments a third larger. */
const maxBodyBytes = 36 * 1024 * 1024;
const maxFileBytes = 25 * 1024 * 1024;
/** Milliseconds. An answer that leaves a day late is worse than a visible failure. */
const lifetime = 24 * 3_600_000;
/** How far ahead a message can be postponed, in milliseconds. */
const furthest = 90 * 24 * 3_600_000;

type Body = Static<typeof NewMessage>;

const One = schemaRef<Interaction>('Interaction');
const tags = ['messages'];

/** Replies and new messages. They are stored before anything is sent, and their interaction shows how far they came. */
export function messageRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  const sending = {
    operationId: 'sendMessage',
    summary: 'Reply, or write first',
    description:
      'Stored, and sent soon, or at the time of `sendAt`. The interaction shows how far it came: `queued`, `sent`, `delivered`, `failed`.',
    tags,
    body: ref(NewMessage),
    response: answers({ 202: One }),
  };
  app.post('/messages', { onRequest, bodyLimit: maxBodyBytes, schema: sending }, async (request, reply) => {
    const { body } = request;
    const principal = principalOf(request);
    if ((body.interaction === undefined) === (body.to === undefined))
      throw invalid('/to', 'to', 'expected either `interaction` or `to`');
    const hasWords = (body.text ?? '') !== '' || (body.html ?? '') !== '';
    const hasContent = hasWords || (body.attachments ?? []).length > 0;
    if (!hasContent && body.forward === undefined && body.template === undefined)
      throw invalid('/text', 'text', 'expected words or attachments, found neither');
    const manager = body.manager ?? principal.manager?.id;
    if (manager === undefined || !deps.staff().managers.some((one) => one.id === manager))
      throw invalid('/manager', 'manager', 'no such manager');
    if (principal.role === 'operator' && manager !== principal.manager?.id)
      throw new Problem('forbidden', 'operators may only write as themselves');
    const parent = body.interaction === undefined ? null : await interactionOf(deps, request, body.interaction);
    const forwarded = await forwarding(deps, request, body);
    const to = parent === null ? addressee(body, deps.settings.country) : partyOf(parent);
    const connection =
      parent === null || body.connection !== undefined
        ? chosen(body, to, ownAddress(deps, manager), writing(deps))
        : null;
    const channel = connection?.channel ?? (parent?.channel === 'email' ? 'email' : 'message');
    if (forwarded !== null && channel !== 'email')
      throw invalid('/to', 'to', 'letters are forwarded to e-mail addresses');
    const earlier = forwarded?.earlier ?? (channel === 'email' ? quotationOf(parent, body, deps.settings) : null);
    if (body.quote === true && (parent === null || !canBeQuoted(parent)))
      throw invalid('/quote', 'quote', 'expected a message of the client, in a messenger that can quote');
    const at = deps.clock.now();
    const sendAt = leavingAt(body, at, deps.settings.undo);
    const via = channel === 'message' ? (connection ?? sendingBy(deps, to.account?.connection)) : undefined;
    const template = await chosenTemplate(deps, via, body);
    if (template === null)
      await refuseAfterWindow(deps, via, { thread: parent?.thread ?? null, phone: to.phone }, sendAt ?? at);
    if (body.automatic === true && parent !== null && parent.automatic !== null)
      throw new Problem('conflict', `programs may not answer mail that no human wrote; this is ${parent.automatic}`);
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
          subject: subjectOf(body, channel, { parent, forwarded }),
          ...copiesOf(body, channel),
          ...(await wordsOf(body, channel === 'email', deps.blobs)),
          ...(template !== null && { text: template.text, template: template.filled }),
          ...(earlier !== null && { earlier }),
          attachments: [...(forwarded?.files ?? []), ...(await stored(body, deps))],
          ...(body.automatic === true && { automatic: true }),
          ...(body.quote === true && { quote: true }),
          // An answer is sent from the address that the client wrote to.
          line: body.line ?? (connection === null ? parent?.line?.id : undefined) ?? null,
        },
        by: principal.by,
        ...(sendAt !== null && { sendAt }),
        expiresAt: (sendAt ?? at) + lifetime,
        at,
      },
    ]);
    const interaction = writtenInteraction(result);
    return reply.code(202).header('location', `/api/v1/interactions/${interaction.id}`).send(interaction);
  });

  const cancelling = {
    operationId: 'cancelMessage',
    summary: 'Take a message back before it leaves',
    description: 'Refused once sending has begun. The interaction stays, as failed with the reason `takenBack`.',
    tags,
    params,
    response: answers({ 200: One }),
  };
  app.post('/messages/:id/cancel', { onRequest, schema: cancelling }, async (request) => {
    const { id } = await interactionOf(deps, request, request.params.id);
    const { by } = principalOf(request);
    const [result] = await deps.intake.apply([{ op: 'take-back', id, by, at: deps.clock.now() }]);
    return writtenInteraction(result);
  });

  const hurrying = {
    operationId: 'sendMessageNow',
    summary: 'Send a postponed message at once',
    tags,
    params,
    response: answers({ 200: One }),
  };
  app.post('/messages/:id/send-now', { onRequest, schema: hurrying }, async (request) => {
    const { id } = await interactionOf(deps, request, request.params.id);
    const at = deps.clock.now();
    const [result] = await deps.intake.apply([{ op: 'send-now', id, expiresAt: at + lifetime, at }]);
    written(result);
    return interactionOf(deps, request, id);
  });

  const resending = {
    operationId: 'resendMessage',
    summary: 'Send a failed message again',
    tags,
    params,
    response: answers({ 200: One }),
  };
  app.post('/messages/:id/resend', { onRequest, schema: resending }, async (request) => {
    const { id, channel, thread } = await interactionOf(deps, request, request.params.id);
    if (channel === 'call') throw new Problem('conflict', 'calls are not repeated; start a new one with POST /calls');
    const at = deps.clock.now();
    const row = await deps.store.read.outbound(id);
    if (row?.channel === 'message' && row.content.template === undefined)
      await refuseAfterWindow(deps, sendingBy(deps, row.connection), { thread, phone: row.content.to.phone }, at);
    const [result] = await deps.intake.apply([{ op: 'resend', id, expiresAt: at + lifetime, at }]);
    written(result);
    return interactionOf(deps, request, id);
  });
}

/** When the message is to leave, in milliseconds; null: at once. */
function leavingAt({ sendAt, undo }: Body, now: number, holdBack: number): number | null {
  if (sendAt === undefined) return undo === true && holdBack > 0 ? now + holdBack : null;
  const at = Date.parse(sendAt);
  if (Number.isNaN(at) || at > now + furthest)
    throw invalid('/sendAt', 'sendAt', 'expected a time within the next 90 days');
  return at <= now ? null : at;
}

function partyOf({ party }: Interaction): OutboundContent['to'] {
  return { email: party.email, phone: party.phone, account: party.account, name: party.name };
}

function addressee({ to }: Body, country: string): OutboundContent['to'] {
  const given = typeof to === 'string' ? (to.includes('@') ? { email: to } : { phone: to }) : (to ?? {});
  const { email: rawEmail, phone: rawPhone, name }: { email?: string; phone?: string; name?: string } = given;
  const email = rawEmail === undefined ? null : normaliseEmail(rawEmail);
  const phone = rawPhone === undefined ? null : parsePhone(rawPhone, country).phone;
  if (email === null && phone === null) throw invalid('/to', 'to', 'neither an e-mail address nor a phone number');
  return { email, phone, account: null, name: name === undefined ? null : cleanText(name, 200) || null };
}

/** The further recipients of a letter. Messages have none. */
function copiesOf({ cc, bcc }: Body, channel: OutboundChannel): Pick<OutboundContent, 'cc' | 'bcc'> {
  const copies = {
    ...(cc !== undefined && { cc: emails(cc, 'cc') }),
    ...(bcc !== undefined && { bcc: emails(bcc, 'bcc') }),
  };
  const [field] = Object.keys(copies);
  if (channel !== 'email' && field !== undefined)
    throw invalid(`/${field}`, field, 'expected a letter; messages go to one recipient');
  return copies;
}

function emails(given: readonly string[], field: string): readonly string[] {
  const read = given.map((one, i) => {
    const email = normaliseEmail(one);
    if (email === null) throw invalid(`/${field}/${i}`, field, 'not an e-mail address');
    return email;
  });
  return [...new Set(read)];
}

function sendingBy(deps: ApiDeps, connection: string | undefined): SendingConnection | undefined {
  return writing(deps).find((one) => one.connection === connection);
}

/** The connections that can send messages. */
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

/** A reply to a letter gets the letter's subject unless it has its own, and so does a letter that is passed on. */
function subjectOf(
  { subject }: Body,
  channel: OutboundChannel,
  { parent, forwarded }: { readonly parent: Interaction | null; readonly forwarded: Forwarding | null },
): string | null {
  if (subject !== undefined) return cleanText(subject, 998) || null;
  if (forwarded !== null) return forwardSubject(forwarded.letter.subject);
  return channel === 'email' ? replySubject(parent?.subject ?? null) : null;
}

/**
 * The connection to send by: the requested one, else that of the line, else the writer's own mailbox, else the first that
 * can reach the recipient.
 */
function chosen(
  { connection, line, template }: Body,
  to: OutboundContent['to'],
  own: string | null,
  all: readonly SendingConnection[],
): SendingConnection {
  if (connection !== undefined) {
    const found = all.find((one) => one.connection === connection);
    if (found === undefined) throw invalid('/connection', 'connection', 'no connection of this name can send messages');
    return found;
  }
  const isFit = ({ window }: SendingConnection) => template === undefined || window?.after.includes('templates');
  const able = all.filter((one) => to[one.to] !== null && isFit(one));
  const found =
    able.find((one) => line !== undefined && one.lines.includes(line)) ??
    able.find(({ address }) => own !== null && address?.toLowerCase() === own) ??
    able[0];
  if (found === undefined) throw invalid('/to', 'to', 'no connection can reach this recipient');
  return found;
}

async function stored({ attachments = [] }: Body, deps: ApiDeps): Promise<readonly WrittenAttachment[]> {
  const files: WrittenAttachment[] = [];
  for (const [i, { name, mime, content }] of attachments.entries()) {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(content)) throw invalid(`/attachments/${i}/content`, 'base64', 'not base64');
    const { id, bytes } = await deps.blobs.put(Readable.from([Buffer.from(content, 'base64')]), maxFileBytes);
    files.push({ blob: id, name: cleanText(name, 255) || 'file', mime, bytes });
  }
  return files;
}

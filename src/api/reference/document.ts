import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { plainCookie } from '../cookie.ts';
import { addExamples } from './add-examples.ts';

const description = `Everything that the page can do, for programs: interactions, clients, leads, tasks and operations.

Send \`Authorization: Bearer TOKEN\`. Create a token with \`patchbay token add NAME --role integration\`.
Errors are problem details (RFC 9457). Listings answer \`{items, next}\`; pass \`next\` on as \`cursor\`.
Answers may get new keys: ignore those you do not know.`;

/** The tags of the document, in the order of the reference. */
const tags = [
  { name: 'clients', description: 'The client directory, as CRMs keep it up to date.' },
  { name: 'match', description: 'Which client a phone number or an address belongs to.' },
  { name: 'route', description: 'Where a call should go.' },
  { name: 'interactions', description: 'Calls, letters, messages, forms and meetings.' },
  { name: 'conversations', description: 'Conversations that are open or wait for an answer.' },
  { name: 'messages', description: 'Replies and new messages.' },
  { name: 'calls', description: 'Click-to-call.' },
  { name: 'recordings', description: 'Recordings of calls.' },
  { name: 'leads', description: 'The pool of unmatched contacts.' },
  { name: 'tasks', description: 'Promises owed: calls to return, letters to answer.' },
  { name: 'undeliverable', description: 'Addresses that letters bounce from.' },
  { name: 'forms', description: 'Web forms. Visitors of sites send them, without a login.' },
  { name: 'hooks', description: 'Webhooks of outside services, which sign what they send.' },
  { name: 'deliveries', description: 'What CRMs are owed.' },
  { name: 'operations', description: 'Connections, alarms and managers.' },
  { name: 'reports', description: 'Statistics.' },
  { name: 'quarantine', description: 'Contacts that could not be taken in because of a defect in Patchbay.' },
  { name: 'session', description: 'Logging in and out, and the first set-up.' },
  { name: 'users', description: 'Users, tokens and sessions.' },
  { name: 'audit', description: 'Who did what, and when.' },
] as const;

/** Settings of @fastify/swagger for the document at `/api/v1/openapi.json`. */
export function openApiOptions(publicUrl: string): FastifyDynamicSwaggerOptions {
  return {
    refResolver: { buildLocalReference: ({ $id }, _base, _fragment, i) => String($id ?? `schema-${i}`) },
    transformObject: (document) => addExamples('openapiObject' in document ? document.openapiObject : {}),
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Patchbay',
        version: '1',
        description,
        license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl.replace(/\/$/, ''), description: 'This server.' }],
      tags: [...tags],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'The token of a program.' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: plainCookie,
            description: 'The session of a browser. Over HTTPS the name has the prefix `__Host-`.',
          },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
  };
}

import { json } from '../../support/scripted-service.ts';
import { describeMessenger } from '../contract.ts';
import { connect, hook, listening } from './bench.ts';

const date = Date.parse('2026-11-24T09:00:00Z') / 1000;

describeMessenger('avito', async (isSecure) => {
  const server = await listening(isSecure);
  server.addChat('u2i-1');
  const message = (n: number, second: number, content: object, type = 'text') => ({
    id: `client-${n}`,
    author_id: 42,
    created: date + second,
    type,
    content: content as Record<string, unknown>,
  });
  return {
    service: server,
    create: (context, reach) => connect(server, context, reach),
    wholeSeconds: true,
    brings: (n, text, second = n) => hook(server.reports('u2i-1', message(n, second, { text })), 'chat'),
    withFile: (n, text, file) => {
      server.files.set('a.jpg', file);
      const image = { sizes: { '1280x960': `${server.root}/files/a.jpg` } };
      return hook(server.reports('u2i-1', message(n, n, { text, image }, 'image')), 'chat');
    },
    signed: (body) => hook(body, 'chat'),
    forged: (request) => [
      hook(request.body, 'chat', 'wrong'),
      { ...request, query: {} },
      hook(request.body, 'other'),
      { ...request, method: 'PUT' },
    ],
    busy: (seconds) => ({
      ...json({ error: { code: 429, message: 'Too many requests' } }, 429),
      headers: { 'retry-after': String(seconds) },
    }),
    // The conversation shows whether it arrived.
    recognises: true,
    longest: 1000,
    sent: () => server.messages.map(({ text }) => text ?? ''),
    close: () => server.close(),
  };
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// The receiver of bench/deliveries.ts in a separate process. It answers each POST after the delay in its query (milliseconds).
const server = createServer((request, response) => {
  const delay = Number(new URL(request.url ?? '/', 'http://receiver').searchParams.get('delay'));
  request.resume();
  request.on('end', () => {
    const answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    if (delay > 0) setTimeout(answer, delay);
    else answer();
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));

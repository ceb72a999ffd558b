import { connect, type Socket } from 'node:net';

/** Posts bodies over `lanes` connections as fast as they are answered, with minimal overhead. Resolves with the rate per second. */
export async function postForms(url: string, path: string, bodies: readonly string[], lanes: number): Promise<number> {
  const { port, hostname } = new URL(url);
  const requests = bodies.map(
    (body) =>
      `POST ${path} HTTP/1.1\r\nhost: pb\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  let next = 0;
  const since = performance.now();
  const lane = () =>
    new Promise<void>((resolve, reject) => {
      const socket: Socket = connect(Number(port), hostname, () => send());
      const send = () => {
        const request = requests[next];
        next += 1;
        if (request !== undefined) return void socket.write(request);
        socket.end();
        resolve();
      };
      // Both servers answer with one small packet.
      socket.on('data', (data) => {
        const head = data.toString('latin1');
        if (!head.startsWith('HTTP/1.1 200')) reject(new Error(`a form was rejected: ${head}`));
        else if (head.trimEnd().endsWith('}')) send();
      });
      socket.on('error', reject);
    });
  await Promise.all(Array.from({ length: lanes }, lane));
  return (requests.length / (performance.now() - since)) * 1000;
}

import { connect } from 'node:net';

/** The result of one request: the variables that were set, and the time until the connection closed. */
export interface Asked {
  readonly set: Readonly<Record<string, string>>;
  readonly ms: number;
}

/** Sends one request to a FastAGI server, as Asterisk does. */
export function ask(port: number, variables: Readonly<Record<string, string>>, path = 'route'): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const set: Record<string, string> = {};
    const socket = connect(port, '127.0.0.1');
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      const environment = Object.entries({ agi_network: 'yes', agi_network_script: path, ...variables });
      socket.write(`${environment.map(([name, value]) => `${name}: ${value}`).join('\n')}\n\n`);
    });
    socket.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [, name, value = ''] = /^SET VARIABLE (\S+) "(.*)"$/.exec(line) ?? [];
        if (name !== undefined) set[name] = value;
        socket.write('200 result=1\n');
      }
    });
    socket.on('error', reject);
    socket.on('close', () => resolve({ set, ms: performance.now() - began }));
  });
}

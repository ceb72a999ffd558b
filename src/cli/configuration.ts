import { editorSchema } from '../config/editor-schema.ts';
import { type CommonOptions, print } from './command.ts';
import { configOf, moduleSchemas } from './context.ts';

/** `patchbay check`: reads the configuration and counts what is in it; throws what is wrong with it. */
export function check(options: CommonOptions): void {
  const { managers, lines, connectors, destinations } = configOf(options);
  const counts = {
    managers: managers.length,
    lines: lines.length,
    connectors: Object.keys(connectors),
    destinations: Object.keys(destinations),
  };
  print(options, { ok: true, ...counts }, [
    `The configuration is right: ${managers.length} managers, ${lines.length} lines, ` +
      `connectors: ${counts.connectors.join(', ') || 'none'}, destinations: ${counts.destinations.join(', ') || 'none'}`,
  ]);
}

/** `patchbay schema`: the configuration's JSON Schema, for editors. */
export function printSchema(): void {
  process.stdout.write(`${JSON.stringify(editorSchema(moduleSchemas), null, 2)}\n`);
}

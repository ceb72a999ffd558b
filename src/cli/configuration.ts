import { editorSchema } from '../config/editor-schema.ts';
import { type CommonOptions, print } from './command.ts';
import { configOf, moduleSchemas } from './context.ts';

/** `patchbay check`: validates the configuration and prints a summary. Throws if it is invalid. */
export function check(options: CommonOptions): void {
  const { managers, lines, connectors, destinations } = configOf(options);
  const counts = {
    managers: managers.length,
    lines: lines.length,
    connectors: Object.keys(connectors),
    destinations: Object.keys(destinations),
  };
  print(options, { ok: true, ...counts }, [
    `The configuration is valid: ${managers.length} managers, ${lines.length} lines, ` +
      `connectors: ${counts.connectors.join(', ') || 'none'}, destinations: ${counts.destinations.join(', ') || 'none'}`,
  ]);
}

/** `patchbay schema`: prints the JSON Schema of the configuration, for editors. */
export function printSchema(): void {
  process.stdout.write(`${JSON.stringify(editorSchema(moduleSchemas), null, 2)}\n`);
}

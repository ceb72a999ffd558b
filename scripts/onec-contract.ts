// Writes the contract of our extension for 1C as JSON Schema: one file a message.
//   node --import tsx scripts/onec-contract.ts && npx biome format --write integrations/1c/contract
import { writeFileSync } from 'node:fs';
import { contractVersion, messages } from '../src/crm/onec/extension/contract.ts';

for (const [name, schema] of Object.entries(messages)) {
  const document = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `${name} ${contractVersion}`,
    ...schema,
  };
  writeFileSync(
    new URL(`../integrations/1c/contract/${name}.schema.json`, import.meta.url),
    `${JSON.stringify(document, null, 2)}\n`,
  );
}

// Reads an OpenAPI document from stdin and prints its TypeScript types, made by openapi-typescript.
// openapi-typescript needs TypeScript's JavaScript API, which version 7 does not have. It gets the older version that
// @ts-morph/common contains.
import { register } from 'node:module';
import { json } from 'node:stream/consumers';

const older = `data:text/javascript,import { ts } from '${import.meta.resolve('@ts-morph/common')}'; export default ts;`;
const hooks = `export const resolve = (name, context, next) =>
  name === 'typescript' ? { url: ${JSON.stringify(older)}, shortCircuit: true } : next(name, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

const { default: openapiTS, astToString } = await import('openapi-typescript');
process.stdout.write(astToString(await openapiTS(await json(process.stdin))));

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@babel/parser';

/** Every regular expression and schema pattern in the TypeScript files below `roots`; those made at run time have their source in `built`. */
export function findPatterns(roots) {
  return roots
    .flatMap((root) => readdirSync(root, { recursive: true }).map((name) => join(root, name)))
    .filter((file) => /\.tsx?$/.test(file))
    .sort()
    .flatMap(patternsOf);
}

function patternsOf(file) {
  const text = readFileSync(file, 'utf8');
  const plugins = file.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'];
  const found = [];
  const look = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) for (const one of node) look(one);
    else {
      const pattern = patternIn(node, text);
      if (pattern !== null) found.push({ file, line: node.loc.start.line, ...pattern });
      for (const [key, part] of Object.entries(node)) if (key !== 'loc') look(part);
    }
  };
  look(parse(text, { sourceType: 'module', plugins }).program);
  return found;
}

function patternIn(node, text) {
  if (node.type === 'RegExpLiteral') return { source: node.pattern, flags: node.flags };
  const schema = schemaPattern(node);
  if (schema !== null && isText(schema)) return { source: schema.value, flags: 'u' };
  if (schema?.type === 'CallExpression') return { built: text.slice(schema.start, schema.end) };
  const made = node.type === 'NewExpression' || node.type === 'CallExpression';
  if (!made || node.callee.name !== 'RegExp') return null;
  const [source, flags] = node.arguments;
  if (isText(source)) return { source: source.value, flags: flags?.value ?? '' };
  return { built: text.slice(node.start, node.end) };
}

/** What stands in a JSON Schema as `pattern`, or in a constant that is called one. */
function schemaPattern(node) {
  if (node.type === 'ObjectProperty' && node.key.name === 'pattern') return node.value;
  if (node.type === 'VariableDeclarator' && /Pattern$/.test(node.id.name)) return node.init;
  return null;
}

function isText(node) {
  return node?.type === 'StringLiteral';
}

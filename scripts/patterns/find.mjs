import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@babel/parser';

/** Finds all regular expressions and schema patterns in the TypeScript files of `roots`. For those built at run time, `built` is their source code. */
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
  const walk = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) for (const one of node) walk(one);
    else {
      const pattern = patternIn(node, text);
      if (pattern !== null) found.push({ file, line: node.loc.start.line, ...pattern });
      for (const [key, part] of Object.entries(node)) if (key !== 'loc') walk(part);
    }
  };
  walk(parse(text, { sourceType: 'module', plugins }).program);
  return found;
}

function patternIn(node, text) {
  if (node.type === 'RegExpLiteral') return { source: node.pattern, flags: node.flags };
  const schema = schemaPattern(node);
  if (schema !== null && isText(schema)) return { source: schema.value, flags: 'u' };
  if (schema?.type === 'CallExpression') return { built: text.slice(schema.start, schema.end) };
  const isConstructed = node.type === 'NewExpression' || node.type === 'CallExpression';
  if (!isConstructed || node.callee.name !== 'RegExp') return null;
  const [source, flags] = node.arguments;
  if (isText(source)) return { source: source.value, flags: flags?.value ?? '' };
  return { built: text.slice(node.start, node.end) };
}

/** The value of `pattern` in a JSON Schema, or of a constant whose name ends with `Pattern`. */
function schemaPattern(node) {
  if (node.type === 'ObjectProperty' && node.key.name === 'pattern') return node.value;
  if (node.type === 'VariableDeclarator' && /Pattern$/.test(node.id.name)) return node.init;
  return null;
}

function isText(node) {
  return node?.type === 'StringLiteral';
}

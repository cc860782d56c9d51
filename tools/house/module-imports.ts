// Which modules a source file names: statements, re-exports, dynamic imports and
// types, as a parser sees them, so that comments and strings cannot mislead.
import { parseAst } from 'rolldown/parseAst';

const NAMING = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'ImportExpression',
  'TSImportType',
]);

function collect(node: unknown, found: string[]): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, found);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const { type, source } = node as { type?: string; source?: { value?: unknown } | null };
  if (type !== undefined && NAMING.has(type) && typeof source?.value === 'string') {
    found.push(source.value);
  }
  for (const child of Object.values(node)) collect(child, found);
}

/** Specifiers of every module that `source` names, in order. @throws when it does not parse. */
export function moduleImports(path: string, source: string): string[] {
  const found: string[] = [];
  collect(parseAst(source, { lang: path.endsWith('.js') ? 'js' : 'ts' }).body, found);
  return found;
}

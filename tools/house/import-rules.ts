// The rule of the house: trainer, edge and device import shared, nothing imports
// them, no file imports in a circle, and packages are declared where they are used.
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';

/** Specifiers by file path relative to the repository root. */
export type ImportMap = ReadonlyMap<string, readonly string[]>;

/** Packages that code and tests may import, by the folder whose package.json declares them. */
export interface Declared {
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
}

export interface House {
  readonly imports: ImportMap;
  /** Keys: `shared`, `trainer`, `edge`, `device`; `.` for the root. */
  readonly packages: ReadonlyMap<string, Declared>;
}

const PARTS = ['shared', 'trainer', 'edge', 'device'];

/** The Workers runtime's own modules, which edge alone runs on. */
const WORKERS_MODULE = /^cloudflare:/;

/** Tests, the contract suites they share and their helpers. */
const isTest = (path: string) =>
  /\.(test|contract)\.ts$/.test(path) || path.split('/').includes('testing');

const isNodeTest = (path: string) => path.endsWith('.node.test.ts');

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Path of the file that `specifier` names, or `undefined` for a package. */
function targetOf(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(path), specifier);
  // A file of the part's own, chosen by the runtime through `imports` of its package.json.
  if (specifier.startsWith('#')) return `${path.split('/')[0]}/${specifier}`;
  const part = PARTS.find((name) => packageName(specifier) === `@dandan/${name}`);
  if (part === undefined) return undefined;
  const folder = specifier.slice(`@dandan/${part}/`.length);
  return folder === '' ? `${part}/index.ts` : `${part}/${folder}/index.ts`;
}

function checkTarget(path: string, specifier: string, target: string): string | undefined {
  const [from] = path.split('/');
  const [to] = target.split('/');
  if (from === to || !PARTS.includes(from)) return undefined;
  if (to !== 'shared') return `${path}: ${from} must not import ${to} ('${specifier}')`;
  if (!specifier.startsWith('.')) return undefined;
  return `${path}: import shared by its name, not by path ('${specifier}')`;
}

function checkPackage(path: string, specifier: string, house: House): string | undefined {
  const [part] = path.split('/');
  if (specifier.startsWith('node:') || isBuiltin(specifier)) {
    const neutral = part === 'shared' && !isNodeTest(path);
    return neutral ? `${path}: shared runs without Node ('${specifier}')` : undefined;
  }
  if (WORKERS_MODULE.test(specifier)) {
    return part === 'edge' ? undefined : `${path}: only edge runs on Workers ('${specifier}')`;
  }
  const name = packageName(specifier);
  const own = house.packages.get(PARTS.includes(part) ? part : '.');
  if (own?.dependencies.has(name)) return undefined;
  const root = house.packages.get('.');
  const dev = own?.devDependencies.has(name) || root?.devDependencies.has(name);
  if (dev && (isTest(path) || !PARTS.includes(part))) return undefined;
  const hint = dev ? '; test helpers live in a testing/ folder' : '';
  return `${path}: '${name}' is not among the dependencies of ${part}${hint}`;
}

/** A circle through `path`, as the list of its files, if there is one not yet ruled out. */
function circleFrom(
  path: string,
  graph: ReadonlyMap<string, readonly string[]>,
  finished: Set<string>,
  trail: string[],
): string[] | undefined {
  const seen = trail.indexOf(path);
  if (seen >= 0) return [...trail.slice(seen), path];
  if (finished.has(path)) return undefined;
  trail.push(path);
  for (const next of graph.get(path) ?? []) {
    const circle = circleFrom(next, graph, finished, trail);
    if (circle !== undefined) return circle;
  }
  trail.pop();
  finished.add(path);
  return undefined;
}

/** What breaks the rules, one sentence each; empty when all is well. */
export function importViolations(house: House): string[] {
  const violations: (string | undefined)[] = [];
  const graph = new Map<string, string[]>();
  for (const [path, specifiers] of house.imports) {
    const targets: string[] = [];
    for (const specifier of specifiers) {
      const target = targetOf(path, specifier);
      if (target === undefined) {
        violations.push(checkPackage(path, specifier, house));
        continue;
      }
      violations.push(checkTarget(path, specifier, target));
      targets.push(target);
    }
    graph.set(path, targets);
  }
  const finished = new Set<string>();
  for (const path of graph.keys()) {
    const circle = circleFrom(path, graph, finished, []);
    if (circle === undefined) continue;
    violations.push(`circular import: ${circle.join(' → ')}`);
    for (const member of circle) finished.add(member);
  }
  return violations.filter((violation) => violation !== undefined);
}

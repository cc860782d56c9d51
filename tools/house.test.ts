// The architecture as a test: who may import whom, and what no file may hold.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fileViolations } from './house/file-rules.ts';
import { type Declared, importViolations } from './house/import-rules.ts';
import { moduleImports } from './house/module-imports.ts';
import { readSources } from './house/read-sources.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

async function declared(folder: string): Promise<Declared> {
  const manifest = JSON.parse(await readFile(`${ROOT}/${folder}/package.json`, 'utf8'));
  return {
    dependencies: new Set(Object.keys(manifest.dependencies ?? {})),
    devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
  };
}

const FOLDERS = ['.', 'shared', 'trainer', 'edge', 'device'];
const SOURCES = await readSources(ROOT);
const PACKAGES = new Map(
  await Promise.all(FOLDERS.map(async (folder) => [folder, await declared(folder)] as const)),
);

/** Violations of a made-up repository. */
function check(files: Record<string, string>): string[] {
  const imports = new Map(
    Object.entries(files).map(([path, source]) => [path, moduleImports(path, source)]),
  );
  return importViolations({ imports, packages: PACKAGES });
}

test('the repository keeps its import rules', () => {
  expect(SOURCES.size).toBeGreaterThan(50);
  expect(check(Object.fromEntries(SOURCES))).toEqual([]);
});

test('the repository keeps its file rules', () => {
  const violations = [...SOURCES].flatMap(([path, source]) => fileViolations(path, source));
  expect(violations).toEqual([]);
});

test.each<[string, Record<string, string>, string]>([
  [
    'shared importing trainer',
    { 'shared/a.ts': `import '@dandan/trainer/cli';` },
    'shared must not import trainer',
  ],
  [
    'shared importing edge by path',
    { 'shared/x/a.ts': `import { b } from '../../edge/b.ts';` },
    'shared must not import edge',
  ],
  [
    'shared importing a type of device',
    { 'shared/a.ts': `import type { B } from '../device/b.ts';` },
    'shared must not import device',
  ],
  [
    'shared importing Node',
    { 'shared/a.ts': `import { join } from 'node:path';` },
    'shared runs without Node',
  ],
  [
    'shared importing Node by its old name',
    { 'shared/a.ts': `import fs from 'fs';` },
    'shared runs without Node',
  ],
  [
    'a neutral test importing Node',
    { 'shared/a.test.ts': `import 'node:fs';` },
    'shared runs without Node',
  ],
  [
    'shared importing Workers',
    { 'shared/a.ts': `import { env } from 'cloudflare:workers';` },
    'only edge runs on Workers',
  ],
  [
    'trainer importing edge',
    { 'trainer/a.ts': `export * from '@dandan/edge';` },
    'trainer must not import edge',
  ],
  [
    'edge importing device',
    { 'edge/a.ts': `const b = await import('../device/b.ts');` },
    'edge must not import device',
  ],
  [
    'device importing trainer in a type',
    { 'device/a.ts': `type B = import('../trainer/b.ts').B;` },
    'device must not import trainer',
  ],
  [
    'a part reaching into shared by path',
    { 'edge/a.ts': `import '../shared/kernel/exp.ts';` },
    'import shared by its name',
  ],
  [
    'an undeclared package',
    { 'edge/a.ts': `import express from 'express';` },
    `'express' is not among the dependencies of edge`,
  ],
  [
    "another part's package",
    { 'edge/a.ts': `import { connect } from 'mqtt';` },
    `'mqtt' is not among the dependencies of edge`,
  ],
  [
    'an undeclared scoped package',
    { 'trainer/a.ts': `import '@some/thing/deep';` },
    `'@some/thing' is not among the dependencies of trainer`,
  ],
  [
    'code that ships importing a test package',
    { 'device/a.ts': `import fc from 'fast-check';` },
    `'fast-check' is not among the dependencies of device`,
  ],
  [
    'a file importing itself',
    { 'shared/a.ts': `import './a.ts';` },
    'circular import: shared/a.ts → shared/a.ts',
  ],
  [
    'two files in a circle',
    { 'edge/a.ts': `import './b.ts';`, 'edge/b.ts': `import type { A } from './a.ts';` },
    'circular import: edge/a.ts → edge/b.ts → edge/a.ts',
  ],
  [
    'a circle through a folder and a package name',
    {
      'shared/x/index.ts': `export * from './a.ts';`,
      'shared/x/a.ts': `import '@dandan/shared/x';`,
    },
    'circular import: shared/x/index.ts → shared/x/a.ts → shared/x/index.ts',
  ],
])('the check finds %s', (_, files, violation) => {
  const found = check(files);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(violation);
});

test('the check accepts what the rules allow', () => {
  expect(
    check({
      'shared/a.ts': `import { z } from 'zod';`,
      'shared/a.test.ts': `import fc from 'fast-check';`,
      'shared/a.node.test.ts': `import 'node:fs';`,
      'trainer/a.ts': `import 'node:fs'; import { readBundle } from '@dandan/shared/bundle';`,
      'edge/a.ts': `import { env } from 'cloudflare:workers'; import './b.ts'; import './c.ts';`,
      'edge/b.ts': `import './c.ts';`,
      'edge/c.ts': '',
      'device/a.ts': `import { connect } from 'mqtt';`,
      'device/testing/broker.ts': `import { Aedes } from 'aedes';`,
    }),
  ).toEqual([]);
});

test('the check is not misled by comments and strings', () => {
  const source = `// import '../edge/a.ts'\nconst text = \`\nimport '../edge/a.ts';\n\`;`;
  expect(check({ 'shared/a.ts': source })).toEqual([]);
});

// Joined here, so that this file keeps the rules it tests.
const later = ['TO', 'DO'].join('');
const only = ['test', 'only'].join('.');
const skip = ['describe', 'skip'].join('.');

test.each<[string, string, string, string]>([
  ['a long file', 'edge/a.ts', 'x;\n'.repeat(251), 'edge/a.ts: 251 lines, at most 250'],
  ['unfinished work', 'edge/a.ts', `x;\n// ${later}: more`, `edge/a.ts:2: ${later}`],
  ['a test that silences others', 'edge/a.test.ts', `${only}('x')`, `edge/a.test.ts:1: ${only}`],
  ['a test switched off', 'edge/a.test.ts', `x;\n${skip}('x')`, `edge/a.test.ts:2: ${skip}`],
])('the check finds %s', (_, path, source, violation) => {
  expect(fileViolations(path, source)).toEqual([violation]);
});

test('the check lets tests be long and a skip give its reason', () => {
  const source = `${'x;\n'.repeat(300)}test('x', ({ skip }) => skip(missing, 'no broker'));\n`;
  expect(fileViolations('edge/a.test.ts', source)).toEqual([]);
  expect(fileViolations('edge/a.ts', 'x;\n'.repeat(250))).toEqual([]);
});

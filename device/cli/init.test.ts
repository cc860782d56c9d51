import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema } from '../config/config-schema.ts';
import { describeFields } from '../config/describe-fields.ts';
import { readExample } from '../config/example-text.ts';
import { parseConfig } from '../config/index.ts';
import { main } from './main.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dandan-init-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function call(...argv: string[]) {
  let out = '';
  let err = '';
  const streams = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  return { code: await main(argv, streams), out, err };
}

test('init writes a configuration that can be read, once', async () => {
  const dir = join(folder, 'etc/gateway');
  const first = await call('init', dir, '--json');
  expect(first.code).toBe(0);
  const { config } = JSON.parse(first.out.trim().split('\n').at(-1) ?? '');
  const text = await readFile(config, 'utf8');
  expect(() => parseConfig({ file: 'gateway.yaml', text })).not.toThrow();
  expect((await stat(config)).mode & 0o777).toBe(0o644);
  await writeFile(config, 'mine');
  const second = await call('init', dir);
  expect(second).toMatchObject({ code: 1, err: expect.stringContaining('output-unwritable') });
  expect(await readFile(config, 'utf8')).toBe('mine');
});

test('init into a place that cannot be written says so', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  expect((await call('init', join(file, 'dir'))).err).toContain('output-unwritable');
});

interface Node {
  readonly description?: string;
  readonly type?: string;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
}

function fieldsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const own = path === '' ? name : `${path}.${name}`;
    return [own, ...fieldsOf(child, own)];
  });
}

test('config-schema prints a schema that knows every field of the example', async () => {
  const { code, out } = await call('config-schema');
  expect(code).toBe(0);
  const schema: Node = JSON.parse(out);
  expect(schema).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
  expect(schema.additionalProperties).toBe(false);
  for (const field of fieldsOf(parse(readExample()))) {
    let node: Node | undefined = schema;
    for (const name of field.split('.')) node = node?.properties?.[name];
    expect(node, field).toBeDefined();
  }
});

test('fields are described by the comments before them', () => {
  const text = `# About the file.

# The site.
site: osaka
broker:
  # Where it is;
  # one line more.
  url: mqtt://x   # not this
  user: me
`;
  expect(Object.fromEntries(describeFields(text))).toEqual({
    site: 'The site.',
    'broker.url': 'Where it is; one line more.',
  });
  expect(describeFields('[1]').size).toBe(0);
});

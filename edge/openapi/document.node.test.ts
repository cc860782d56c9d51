import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { createApp } from '../app.ts';

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

const fetched = async () => {
  const response = await createApp().request('/openapi.json');
  return (await response.json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    readonly components: { readonly schemas: Readonly<Record<string, object>> };
  };
};

test('the OpenAPI document is valid by the schema of OpenAPI 3.1', async () => {
  const validator = new Validator();
  const result = await validator.validate(await fetched());
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  expect(validator.version).toBe('3.1');
});

test('the validator would find a fault', async () => {
  const { paths, ...rest } = await fetched();
  const damaged = { ...rest, paths: { ...paths, '/x': { get: { responses: 7 } } } };
  expect((await new Validator().validate(damaged)).valid).toBe(false);
});

test('every component says what it is, and every reference leads to one', async () => {
  const { components, ...rest } = await fetched();
  const { schemas } = components;
  expect(Object.keys(schemas).length).toBeGreaterThan(10);
  for (const [name, schema] of Object.entries(schemas)) {
    expect(schema, name).not.toHaveProperty('$ref');
    expect(schema, name).toHaveProperty('type', 'object');
    expect(schema, name).toHaveProperty('properties');
  }
  const text = JSON.stringify([schemas, rest]);
  const names = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
  for (const reference of new Set(names)) {
    expect(Object.keys(schemas).map((name) => `#/components/schemas/${name}`)).toContain(reference);
  }
});

test('every operation has a summary of its own, and no parameter twice', async () => {
  const { paths } = await fetched();
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const summaries = operations.map(({ summary }) => summary);
  expect(summaries.every((summary) => summary && !summary.endsWith('.'))).toBe(true);
  expect(new Set(summaries).size).toBe(summaries.length);
  for (const { parameters = [] } of operations) {
    const names = parameters.map((each) => `${each.in} ${each.name}`);
    expect(new Set(names).size).toBe(names.length);
  }
});

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

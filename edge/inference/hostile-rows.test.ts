import { createCascade } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import { createTestBundle, createTestRows, type TestBundleOptions } from '@dandan/shared/testing';
import { encodeQuantisedRows } from '@dandan/shared/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerRows } from './answer-rows.ts';
import { decodeBinaryRows, quantiseRows } from './binary-rows.ts';
import { readJsonRows } from './json-rows.ts';

async function entry(options: TestBundleOptions = {}) {
  const made = await createTestBundle(options);
  return { ...made, cascade: createCascade(made.bundle) };
}

const dense = await entry();
const sparse = await entry({ sparse: true, width: 40 });

/** Runs `attempt`; the only thing it may throw is a refusal of rows. */
function expectAnswerOrRefusal(attempt: () => unknown): void {
  try {
    attempt();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).code).toMatch(/^rows-/);
  }
}

test('readJsonRows() answers any JSON with rows or a refusal of rows', () => {
  const cell = fc.oneof(fc.double(), fc.integer({ min: -2, max: 45 }), fc.jsonValue());
  const row = fc.oneof(
    fc.array(cell, { maxLength: 13 }),
    fc.record({ indices: fc.array(cell), values: fc.array(cell) }),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.oneof(fc.array(row), fc.jsonValue()), (rows) => {
      for (const { cascade, sha256 } of [dense, sparse]) {
        expectAnswerOrRefusal(() => {
          const quantised = readJsonRows(rows, cascade);
          answerRows({ cascade, sha256, rows: quantised, policy: 'day' });
        });
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('decodeBinaryRows() answers an altered file with rows or a refusal of rows', () => {
  const files = [dense, sparse].map(({ bundle }) =>
    encodeQuantisedRows(createTestRows(bundle.input, 4)),
  );
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), fc.nat(9), (changes, cut) => {
      for (const [index, { cascade, sha256 }] of [dense, sparse].entries()) {
        const bytes = files[index].slice(0, files[index].length - (cut === 0 ? 1 : 0));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        expectAnswerOrRefusal(() => {
          const rows = quantiseRows(decodeBinaryRows(bytes), cascade);
          answerRows({ cascade, sha256, rows, policy: 'day' });
        });
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnswersFile, readAnswers, writeAnswers } from './answers-file.ts';
import { packAnswers, unpackAnswers } from './test-answers.ts';

const METHOD = { classes: Int32Array.of(0, 2, 1), confidence: Float32Array.of(0.5, 0.75, 1) };

const FILE: AnswersFile = {
  origin: { data: 'plant', bundle: 'cd'.repeat(32) },
  answers: { nodes: Int32Array.of(3, 5, 9), teacher: METHOD, mlp: METHOD, glnn: METHOD },
};

test('readAnswers() gives back what writeAnswers() was given, and the same bytes for the same', () => {
  const bytes = writeAnswers(FILE);
  expect(readAnswers(bytes)).toEqual(FILE);
  expect(writeAnswers(readAnswers(bytes))).toEqual(bytes);
  const none = { classes: new Int32Array(0), confidence: new Float32Array(0) };
  const empty = { nodes: new Int32Array(0), teacher: none, mlp: none, glnn: none };
  expect(readAnswers(writeAnswers({ ...FILE, answers: empty })).answers).toEqual(empty);
});

test('readAnswers() refuses other files, other schemas and tensors that do not fit', () => {
  const text = Buffer.from(writeAnswers(FILE)).toString('latin1');
  const altered = (from: string, to: string) => {
    expect(text).toContain(from);
    return new Uint8Array(Buffer.from(text.replace(from, to), 'latin1'));
  };
  expect(() => readAnswers(altered('"schema":"1"', '"schema":"2"'))).toThrow(
    expect.objectContaining({ code: 'data-invalid', field: '__metadata__.schema', value: '2' }),
  );
  expect(() => readAnswers(altered('"bundle":"cd', '"bundle":"xy'))).toThrow(
    expect.objectContaining({ code: 'data-invalid', field: '__metadata__.bundle' }),
  );
  expect(() => readAnswers(altered('mlp.classes', 'mlp.klasses'))).toThrow(
    expect.objectContaining({ code: 'bundle-tensor-invalid', field: 'mlp.classes' }),
  );
  const bytes = writeAnswers(FILE);
  expect(() => readAnswers(bytes.subarray(0, bytes.length - 4))).toThrow(
    expect.objectContaining({ name: 'InputError' }),
  );
});

test('property: readAnswers() reads bytes or refuses them with an InputError', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(255), (place, value) => {
      const bytes = writeAnswers(FILE);
      bytes[place % bytes.length] = value;
      try {
        readAnswers(bytes);
      } catch (error) {
        expect(error).toMatchObject({ name: 'InputError' });
      }
    }),
  );
});

test('packAnswers() keeps the class and its probability of the nodes asked for', () => {
  const logits = Float32Array.of(0, Math.log(3), 5, 5, Math.log(9), 0);
  const packed = packAnswers(logits, 2, Int32Array.of(2, 0, 1));
  const { classes, confidence } = unpackAnswers(packed);
  expect([...classes]).toEqual([0, 1, 0]);
  expect(confidence[0]).toBeCloseTo(0.9, 6);
  expect(confidence[1]).toBeCloseTo(0.75, 6);
  expect(confidence[2]).toBe(0.5);
});

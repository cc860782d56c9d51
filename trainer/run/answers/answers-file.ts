// `answers.safetensors` beside a bundle: int32 `nodes`, and for teacher, plain MLP and GLNN int32
// `{method}.classes` and float32 `{method}.confidence`, one entry per test node.
import {
  parseSafetensors,
  readTensor,
  type TensorData,
  writeSafetensors,
} from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import * as z from 'zod';
import { COMPARED, type Compared, type MethodAnswers, type TestAnswers } from './test-answers.ts';

/** Name of the file in the folder of a run. */
export const ANSWERS_FILE = 'answers.safetensors';

/** Raised when a reader of the old number could misread the file. */
export const ANSWERS_SCHEMA = 1;

/** 28 bytes a node and a header: some nine million test nodes. */
export const MAX_ANSWERS_BYTES = 256 * 1024 * 1024;

const metadataSchema = z.object({
  schema: z.literal(String(ANSWERS_SCHEMA)),
  data: z.string(),
  bundle: z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits'),
});

/** With the bundle's provenance, all that finds the nodes again. */
export interface AnswersOrigin {
  /** What `--data` named: an absolute path, or the word for the embedded plant. */
  readonly data: string;
  /** SHA-256 of the bundle that the same run wrote. */
  readonly bundle: string;
}

export interface AnswersFile {
  readonly origin: AnswersOrigin;
  readonly answers: TestAnswers;
}

/** Same answers, same bytes. */
export function writeAnswers({ origin, answers }: AnswersFile): Uint8Array<ArrayBuffer> {
  const shape = [answers.nodes.length];
  const tensors: TensorData[] = [{ name: 'nodes', dtype: 'I32', shape, data: answers.nodes }];
  for (const method of COMPARED) {
    const { classes, confidence } = answers[method];
    tensors.push({ name: `${method}.classes`, dtype: 'I32', shape, data: classes });
    tensors.push({ name: `${method}.confidence`, dtype: 'F32', shape, data: confidence });
  }
  return writeSafetensors(tensors, { schema: String(ANSWERS_SCHEMA), ...origin });
}

/** @throws {InputError} `data-invalid`, or what a safetensors file is refused with. */
export function readAnswers(bytes: Uint8Array): AnswersFile {
  const file = parseSafetensors(bytes);
  const parsed = metadataSchema.safeParse(file.metadata);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      'data-invalid',
      `${ANSWERS_FILE} is not of a run that this program reads`,
      {
        field: ['__metadata__', ...issue.path].join('.'),
        value: file.metadata[String(issue.path[0])],
        allowed: `what train of schema ${ANSWERS_SCHEMA} wrote`,
        cause: parsed.error,
      },
    );
  }
  const nodes = readTensor(bytes, file, 'nodes', { dtype: 'I32', shape: [-1] });
  const shape = [nodes.length];
  const read = (method: Compared): MethodAnswers => ({
    classes: readTensor(bytes, file, `${method}.classes`, { dtype: 'I32', shape }),
    confidence: readTensor(bytes, file, `${method}.confidence`, { dtype: 'F32', shape }),
  });
  const { schema: _, ...origin } = parsed.data;
  const answers = { nodes, teacher: read('teacher'), mlp: read('mlp'), glnn: read('glnn') };
  return { origin, answers };
}

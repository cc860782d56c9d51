// An upload to the bucket as it comes in, never held in memory.
import { EdgeError } from '../problem/edge-error.ts';
import { inputKey } from './job.ts';

/** What the platform lets a request body have on its smaller plans. */
export const MAX_INPUT_BYTES = 100_000_000;

export interface StoredInput {
  readonly name: string;
  readonly bytes: number;
  readonly etag: string;
  /** ISO 8601. */
  readonly uploaded: string;
}

function declaredLength(request: Request): number {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    throw new EdgeError('encoding-unsupported', 'An input is stored as it comes, unpacked', {
      field: 'content-encoding',
      value: encoding,
      allowed: 'identity',
      headers: { 'accept-encoding': 'identity' },
    });
  }
  const header = request.headers.get('content-length');
  const length = Number(header ?? Number.NaN);
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new EdgeError('length-required', 'R2 takes a stream whose length is known', {
      field: 'content-length',
      value: header,
      allowed: `0..${MAX_INPUT_BYTES}`,
    });
  }
  if (length > MAX_INPUT_BYTES) {
    throw new EdgeError('body-too-large', `The body has ${length} bytes`, {
      field: 'body',
      value: length,
      allowed: `at most ${MAX_INPUT_BYTES} bytes: put the rows into several files`,
    });
  }
  return length;
}

/** @throws {EdgeError} `length-required`, `body-too-large`, `encoding-unsupported`, `body-malformed`. */
export async function storeInput(
  bucket: R2Bucket,
  name: string,
  request: Request,
): Promise<StoredInput> {
  const length = declaredLength(request);
  const { readable, writable } = new FixedLengthStream(length);
  const piped = (request.body ?? new Blob([]).stream()).pipeTo(writable);
  const [put, pipe] = await Promise.allSettled([bucket.put(inputKey(name), readable), piped]);
  // What the stream finds wrong is a TypeError, on whichever of its sides it is found.
  const cut = put.status === 'rejected' && put.reason instanceof TypeError;
  if (pipe.status === 'rejected' || cut) {
    throw new EdgeError('body-malformed', 'The body is not as long as it is said to be', {
      field: 'content-length',
      value: length,
      allowed: 'the length of the body',
    });
  }
  if (put.status === 'rejected') throw put.reason;
  if (put.value === null) throw new Error('R2 took no object, though without a condition');
  const { size, etag, uploaded } = put.value;
  return { name, bytes: size, etag, uploaded: uploaded.toISOString() };
}

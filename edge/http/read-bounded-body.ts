import { EdgeError } from '../problem/edge-error.ts';
import { readBody } from './read-body.ts';

/** The body of `request`. @throws {EdgeError} `body-too-large`, and what `readBody` throws. */
export function readBoundedBody(
  request: Request,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = (bytes: number) =>
    new EdgeError('body-too-large', `The body has ${bytes} bytes or more`, {
      field: 'body',
      value: bytes,
      allowed: `at most ${maxBytes} bytes`,
    });
  return readBody(request, { maxBytes, tooLarge });
}

// Which of a route's media types a request has.
import { EdgeError } from '../problem/edge-error.ts';

/**
 * The media type of a request, without parameters, in lower case.
 *
 * @throws {EdgeError} `media-type-unsupported` when it is none of `accepted`.
 */
export function mediaTypeOf<T extends string>(request: Request, accepted: readonly T[]): T {
  const header = request.headers.get('content-type') ?? '';
  const essence = header.split(';', 1)[0].trim().toLowerCase();
  const found = accepted.find((type) => type === essence);
  if (found !== undefined) return found;
  throw new EdgeError('media-type-unsupported', `This route does not read '${essence}'`, {
    field: 'content-type',
    value: essence,
    allowed: accepted.join(', '),
  });
}

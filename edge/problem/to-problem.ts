// Any thrown value to an RFC 9457 answer: stable code, field, value and what is allowed.
import { InputError } from '@dandan/shared/error';
import { PROBLEM_MEDIA_TYPE, type Problem } from '@dandan/shared/wire';
import { EDGE_STATUS, EdgeError } from './edge-error.ts';

/** Long enough to recognise the input, short enough for a log line. */
const MAX_VALUE_LENGTH = 200;

/** Input errors are 422 (well-formed, but not acceptable) unless they are about size. */
function inputStatus({ code }: InputError): number {
  return code === 'bundle-too-large' ? 413 : 422;
}

/** A JSON value that stands for `value`; NaN and infinities become text, long values are cut. */
function presentable(value: unknown): Problem['value'] {
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field?: string | undefined;
  readonly value?: unknown;
  readonly allowed?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof InputError) {
    const { code, message, field, value, allowed } = error;
    return { status: inputStatus(error), code, detail: message, field, value, allowed };
  }
  if (error instanceof EdgeError) {
    const { code, message, details } = error;
    return { status: EDGE_STATUS[code], code, detail: message, ...details };
  }
  // The cause stays in the logs: it may name tables, paths or other tenants' data.
  return { status: 500, code: 'internal', detail: 'The edge failed; its logs say why' };
}

/** Whether a thrown value is a refusal; anything else is a fault of the edge. */
export function isForeseen(error: unknown): boolean {
  return toRefusal(error).status < 500;
}

/** `key-missing` → `Key missing`. */
function titleOf(code: string): string {
  return code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');
}

/** The answer for a thrown value. Only unforeseen errors become 500, without their text. */
export function toProblemResponse(error: unknown): Response {
  const { status, code, detail, field, value, allowed, headers } = toRefusal(error);
  const shown = presentable(value);
  const problem: Problem = {
    type: `urn:dandan:problem:${code}`,
    title: titleOf(code),
    status,
    detail,
    code,
    ...(field !== undefined && { field }),
    ...(shown !== undefined && { value: shown }),
    ...(allowed !== undefined && { allowed }),
  };
  return new Response(JSON.stringify(problem), {
    status,
    headers: { ...headers, 'content-type': PROBLEM_MEDIA_TYPE, 'cache-control': 'no-store' },
  });
}

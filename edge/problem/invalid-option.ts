// A schema's first complaint as the one error of Dandan.
import { InputError } from '@dandan/shared/error';

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** `['stages', 0, 'x']` → `stages[0].x`. */
function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown> | undefined | null)?.[part],
    input,
  );
}

/** An `option-invalid` error for the first of `issues`, naming field and value in `input`. */
export function invalidOption(issues: readonly Issue[], input: unknown): InputError {
  const [{ path, message }] = issues;
  const field = fieldOf(path) || 'body';
  return new InputError('option-invalid', `'${field}' is not usable: ${message}`, {
    field,
    value: valueAt(input, path),
    allowed: message,
  });
}

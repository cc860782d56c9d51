// Which class means that nothing is wrong.
import { InputError } from '@dandan/shared/error';

/** What plants call it, in lower case. */
const NAMES = [
  'normal',
  'healthy',
  'ok',
  'okay',
  'good',
  'no fault',
  'no-fault',
  'no_fault',
  'fault-free',
  'fault_free',
  'none',
  '正常',
  '異常なし',
  '良好',
];

/**
 * Position of the class called `name`, or without a name of the one class that is called what
 * plants call it; `undefined` where there is none.
 *
 * @throws {InputError} `option-invalid` where no class has the name.
 */
export function normalClass(classes: readonly string[], name?: string): number | undefined {
  if (name !== undefined) {
    const named = classes.indexOf(name);
    if (named >= 0) return named;
    throw new InputError('option-invalid', `No class is called '${name}'`, {
      field: '--normal',
      value: name,
      allowed: classes.join(', '),
    });
  }
  const found = classes.flatMap((own, index) =>
    NAMES.includes(own.trim().toLowerCase()) ? [index] : [],
  );
  return found.length === 1 ? found[0] : undefined;
}

// What a person may call a case: a class of its bundle, or a new name that is said to be one.
import { InputError } from '@dandan/shared/error';
import type * as z from 'zod';
import { loadBundleHead } from '../registry/bundle-head.ts';
import { type labelRequestSchema, newLabelSchema } from './schemas.ts';

/** Classes named in a refusal; of more, the first. */
const NAMED_CLASSES = 20;

function refuse(message: string, value: string, allowed: string): never {
  throw new InputError('option-invalid', message, { field: 'label', value, allowed });
}

/** @throws {InputError} `option-invalid`. */
export async function readLabel(
  bucket: R2Bucket,
  bundle: string,
  { label, new: saidNew = false }: z.output<typeof labelRequestSchema>,
): Promise<{ readonly label: string | null; readonly isNew: boolean }> {
  if (label === null) return { label, isNew: false };
  const head = await loadBundleHead(bucket, bundle);
  const classes = head?.manifest.classes ?? [];
  if (classes.includes(label)) return { label, isNew: false };
  if (!saidNew) {
    const named = classes.slice(0, NAMED_CLASSES).join(', ');
    const more = classes.length > NAMED_CLASSES ? ', …' : '';
    refuse(`The bundle has no class '${label}'`, label, `${named}${more}; or \`new\` with it`);
  }
  const parsed = newLabelSchema.safeParse(label);
  if (parsed.success) return { label, isNew: true };
  const [{ message }] = parsed.error.issues;
  return refuse('The new label is not usable', label, message);
}

// An audit sample: quantised rows with the class that was answered for each.
import { parseSafetensors, readTensor } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import type { QuantisedRows } from '@dandan/shared/kernel';
import { POLICY_NAMES, type PolicyName } from '@dandan/shared/policy';
import * as z from 'zod';
import { decodeBinaryRows } from '../inference/binary-rows.ts';
import { metadataField, readRowsMetadata } from '../inference/rows-metadata.ts';

export interface AuditSample {
  readonly model: string;
  readonly sha256: string;
  readonly policy: PolicyName;
  readonly rows: QuantisedRows;
  /** int32 [rows]; whether the bundle has such classes is for {@linkcode checkClasses}. */
  readonly classes: Int32Array;
}

/** @throws {InputError} `rows-*`, `option-invalid`. */
export function readSample(bytes: Uint8Array): AuditSample {
  const decoded = decodeBinaryRows(bytes);
  if (decoded.kind === 'float') {
    const details = { field: 'x', allowed: "tensors 'codes' (U8) and 'classes' (I32)" };
    throw new InputError('rows-malformed', 'An audit sample carries quantised rows', details);
  }
  const { rows, metadata } = decoded;
  const expected = { dtype: 'I32', shape: [rows.count] } as const;
  const file = parseSafetensors(bytes);
  const classes = readTensor(bytes, file, 'classes', expected, 'rows-malformed');
  const policy = metadataField(metadata, 'policy', z.enum(POLICY_NAMES));
  return { ...readRowsMetadata(metadata), policy, rows, classes };
}

/** @throws {InputError} `rows-malformed` for a class that the bundle does not have. */
export function checkClasses(classes: Int32Array, count: number): void {
  const at = classes.findIndex((value) => value < 0 || value >= count);
  if (at < 0) return;
  throw new InputError('rows-malformed', `The bundle has no class ${classes[at]}`, {
    field: `classes[${at}]`,
    value: classes[at],
    allowed: `0..${count - 1}`,
  });
}

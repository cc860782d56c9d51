// A fair sample of a gateway's answers: quantised rows and the class that was answered for each.
import type { QuantisedRows } from '../kernel/index.ts';
import type { PolicyName } from '../policy/index.ts';
import { encodeQuantisedRows } from './quantised-rows.ts';

export interface AuditSampleBody {
  readonly model: string;
  /** SHA-256 of the bundle. */
  readonly bundle: string;
  readonly policy: PolicyName;
  readonly rows: QuantisedRows;
  /** int32 [rows] */
  readonly classes: Int32Array;
}

/** Safetensors body of `POST /v1/audit-samples`. */
export function encodeAuditSample(sample: AuditSampleBody): Uint8Array<ArrayBuffer> {
  const { model, bundle, policy, rows, classes } = sample;
  return encodeQuantisedRows(rows, { model, bundle, policy }, [
    { name: 'classes', dtype: 'I32', shape: [classes.length], data: classes },
  ]);
}

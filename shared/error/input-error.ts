// The one error every border of Dandan throws for bad input, with a code that never changes.
// The edge renders it as problem+json, the CLIs as what happened / why / how to fix it.
import { MAX_SENTENCE, shortenText, shortenValue } from './shorten.ts';

/** Stable machine-readable reasons. Add codes freely; never rename one. */
export type ErrorCode =
  | 'bundle-truncated'
  | 'bundle-too-large'
  | 'bundle-header-invalid'
  | 'bundle-manifest-invalid'
  | 'bundle-schema-unsupported'
  | 'bundle-tensor-invalid'
  | 'bundle-hash-mismatch'
  | 'rows-malformed'
  | 'rows-empty'
  | 'rows-too-many'
  | 'rows-wrong-width'
  | 'rows-not-finite'
  | 'policy-unknown'
  | 'stage-out-of-range'
  | 'topic-invalid'
  | 'payload-invalid'
  | 'snapshot-invalid'
  | 'unit-unknown'
  | 'config-invalid'
  | 'data-invalid'
  | 'data-missing'
  | 'option-invalid'
  | 'training-diverged'
  | 'training-too-large'
  | 'output-unwritable'
  | 'broker-refused'
  | 'broker-unreachable'
  | 'outbox-unusable'
  | 'escalation-state-unusable'
  | 'mqtt5-required'
  | 'pointer-malformed'
  | 'pointer-key-unknown'
  | 'pointer-signature-invalid'
  | 'pointer-mismatch'
  | 'pointer-expired'
  | 'pointer-replayed'
  | 'signing-key-invalid'
  | 'store-full'
  | 'store-in-use'
  | 'clock-implausible'
  | 'edge-refused'
  | 'edge-unreachable';

/** Where the input went wrong: the field, what it held, what it may hold. */
export interface ErrorDetails {
  /** Path of the offending field, e.g. `rows[3][17]` or `labels.csv:12:split`. */
  readonly field?: string | undefined;
  /** The value found; kept short enough for a log line. Never a secret. */
  readonly value?: unknown;
  /** What would have been accepted, in words. */
  readonly allowed?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Input from outside the program was refused. Nothing was changed by the call
 * that threw it; correcting the named field and calling again is safe.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly value: unknown;
  readonly allowed: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(
      shortenText(message, MAX_SENTENCE),
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.field = details.field === undefined ? undefined : shortenText(details.field);
    this.value = shortenValue(details.value);
    this.allowed =
      details.allowed === undefined ? undefined : shortenText(details.allowed, MAX_SENTENCE);
  }
}

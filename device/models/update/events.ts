// What can happen to an update.
import type { Mark, SignedBundle } from './document.ts';

export type UpdateEvent =
  /** A verified statement, and the bundle of it that this gateway shall run. */
  | {
      readonly kind: 'offered';
      readonly target: SignedBundle;
      readonly mark: Mark;
      readonly issued: number;
      readonly at: number;
    }
  /** All bytes of the bundle are in the store. */
  | { readonly kind: 'downloaded'; readonly sha256: string }
  /** It can be loaded here. */
  | { readonly kind: 'verified'; readonly sha256: string; readonly at: number }
  /** What lay in the store was not it. */
  | { readonly kind: 'unsound'; readonly sha256: string; readonly at: number }
  /** It cannot, or did not do on live rows. */
  | {
      readonly kind: 'rejected';
      readonly sha256: string;
      readonly reason: string;
      readonly at: number;
    }
  /** It did on live rows. */
  | { readonly kind: 'approved'; readonly sha256: string; readonly at: number }
  /** Rows that the served bundle has answered since this was last said. */
  | {
      readonly kind: 'answered';
      readonly sha256: string;
      readonly rows: number;
      readonly errors: number;
    }
  | { readonly kind: 'proved'; readonly at: number }
  /** The served bundle failed on probation. */
  | { readonly kind: 'failed'; readonly reason: string; readonly at: number }
  /** The bundle that a rollback led to is served. */
  | { readonly kind: 'returned' }
  /** A person wants the bundle before back. */
  | { readonly kind: 'undone'; readonly reason: string; readonly at: number }
  /** The served bundle's file cannot be read any more. */
  | { readonly kind: 'lost'; readonly sha256: string; readonly at: number }
  /** The bundle to go back to is here, fetched beforehand. */
  | { readonly kind: 'secured'; readonly fallback: SignedBundle }
  /** The program starts; `stopped`: it ended in order. */
  | { readonly kind: 'started'; readonly at: number }
  | { readonly kind: 'stopped' };

// What the load generator is told and what it tells.

export interface LoadOrder {
  readonly port: number;
  /** One connection each, with one request in flight: the whole bytes of it, in base64. */
  readonly requests: readonly string[];
  readonly milliseconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds from the first byte sent to the last received, at this share of the requests. */
  readonly latency: { readonly p50: number; readonly p90: number; readonly p99: number };
  /** Processor seconds of the generator itself. */
  readonly cpu: number;
}

export type LoadReply =
  | { readonly kind: 'done'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly why: string };

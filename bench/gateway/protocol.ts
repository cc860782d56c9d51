// What is asked of the load generator, and what it answers.

export interface LoadOrder {
  readonly url: string;
  readonly prefix: string;
  /** Messages to send, from `first` on. */
  readonly first: number;
  readonly count: number;
  /** Messages a second; `undefined`: as fast as they are acknowledged. */
  readonly rate: number | undefined;
  /** Topic filter of the answers. */
  readonly answers: string;
  /** `row`: one answer per completed row; `message`: one per message. */
  readonly per: 'row' | 'message';
}

export interface LoadResult {
  readonly seconds: number;
  readonly answers: number;
  /** Milliseconds from the send of the completing message to its answer. */
  readonly p50: number;
  readonly p99: number;
  /** Longest that a send was behind its time: a generator that cannot keep up measures itself. */
  readonly behindMs: number;
}

export type LoadReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly why: string };

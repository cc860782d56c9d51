// Fetches a bundle into the store, as far as its stages are run here: resumes what is there, checks
// while bytes come in, and ends only with bytes that the pointer vouches for.

import { MAX_BUNDLE_BYTES } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import type { PointedBundle } from '@dandan/shared/release';
import { type Backoff, waitFor } from '../../retry/index.ts';
import { type BundleStore, createPrefixCheck, type Stages } from '../bundle-store/index.ts';
import type { BundleSource, PartAnswer } from './bundle-source.ts';
import type { Refused, Unavailable } from './edge-request.ts';

/** The header of most bundles and the whole of small ones: asked for before stage ends are known. */
const FIRST_BYTES = 64 * 1024;

/** Bytes that a power cut may cost, and that are held in memory before they are written. */
const WRITE_BYTES = 256 * 1024;

/** A link that brings nothing for so long is dead, however alive its connection looks. */
const DEFAULT_STALL_MS = 30_000;

/** Tries without a byte of progress before a download is left for the next check. */
const MAX_VAIN_TRIES = 8;

/** Times that bytes of the right place were not the bundle's; after that it is not the line. */
const MAX_MISMATCHES = 3;

export interface DownloadOptions {
  readonly store: BundleStore;
  readonly source: BundleSource;
  readonly model: string;
  readonly pointed: PointedBundle;
  readonly stages: Stages;
  readonly backoff: Backoff;
  readonly signal: AbortSignal;
  /** Most bytes a second. @default {no limit} */
  readonly bytesPerSecond?: number | undefined;
  /** @default {30 s} */
  readonly stallMs?: number;
  /** Verified and received bytes so far, and those wanted where that is known. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** @default {waits by the clock} */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface DownloadProgress {
  readonly received: number;
  readonly wanted: number | undefined;
}

export type DownloadOutcome =
  | { readonly kind: 'complete'; readonly bytes: number }
  /** To be tried again later; what was fetched is kept. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** The very bundle that was released cannot be run here. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** Why a request brought no more. */
type Pause = Unavailable | (Refused & { readonly retryAfterMs?: number });

const pause = (reason: string): Pause => ({ kind: 'unavailable', reason, retryAfterMs: 0 });

/** The connection ended, or was ended, before the bytes did. */
class Interruption extends Error {
  override readonly name = 'Interruption';
}

/** The chunks of a body, which is ended where it stalls. @throws {Interruption} */
async function* flowing(body: AsyncIterable<Uint8Array>, stallMs: number, stop: AbortController) {
  const iterator = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      // Only the line is timed, not what is done with the bytes.
      const timer = setTimeout(() => stop.abort(new Error('stalled')), stallMs);
      const next = await iterator
        .next()
        .catch((error: unknown) => {
          const { message, cause } = error as Error & { cause?: { code?: string } };
          throw new Interruption(String(cause?.code ?? message).slice(0, 200));
        })
        .finally(() => clearTimeout(timer));
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.().catch(() => {});
  }
}

/**
 * Never throws for what the network, the edge or a bundle's content does.
 *
 * @throws the signal's reason, `InputError` `store-full`, and errors of the disk.
 */
export async function downloadBundle(options: DownloadOptions): Promise<DownloadOutcome> {
  const { store, source, model, pointed, stages, backoff, signal, bytesPerSecond } = options;
  const { onProgress = () => {}, stallMs = DEFAULT_STALL_MS, wait = waitFor } = options;
  const { sha256 } = pointed;
  if (pointed.bytes > MAX_BUNDLE_BYTES) {
    return { kind: 'unusable', reason: `bundle-too-large: ${pointed.bytes} bytes` };
  }
  // The file from its beginning, with room for what is wanted of it.
  let bytes = new Uint8Array(Math.min(pointed.bytes, FIRST_BYTES));
  const check = createPrefixCheck({ pointed, stages });
  let received = 0;
  let written = 0;
  let etag: string | undefined = `"${sha256}"`;
  let mismatches = 0;
  let vain = 0;

  const wanted = () => check.end ?? Math.min(pointed.bytes, Math.max(check.needs, FIRST_BYTES));

  function makeRoom(length: number): void {
    if (length <= bytes.byteLength) return;
    const more = new Uint8Array(length);
    more.set(bytes.subarray(0, received));
    bytes = more;
  }

  /** Goes back to what is beyond doubt where the bytes behind it are not the bundle's. */
  async function verify(): Promise<boolean> {
    if (await check.advance(bytes.subarray(0, received))) return true;
    mismatches++;
    received = check.verified;
    await keep(true);
    return false;
  }

  async function keep(all: boolean): Promise<void> {
    if (!all && received - written < WRITE_BYTES) return;
    const begin = Math.min(written, received);
    await store.writePart(sha256, begin, bytes.subarray(begin, received));
    written = received;
  }

  async function resume(): Promise<void> {
    const part = await store.readPart(sha256);
    const kept = Math.min(part.bytes.byteLength, pointed.bytes);
    makeRoom(kept);
    received = kept;
    bytes.set(part.bytes.subarray(0, received));
    written = part.kept ? received : 0;
    if (!(await check.advance(bytes.subarray(0, received)))) received = check.verified;
  }

  /** Takes what a response brings, in its order; what is there already is passed over. */
  async function take(answer: PartAnswer & { kind: 'part' }, stop: AbortController): Promise<void> {
    let at = answer.offset;
    const limit = wanted();
    makeRoom(limit);
    for await (const chunk of flowing(answer.body, stallMs, stop)) {
      const fresh = chunk.subarray(Math.max(0, received - at), Math.max(0, limit - at));
      at += chunk.byteLength;
      bytes.set(fresh, received);
      received += fresh.byteLength;
      await keep(false);
      onProgress({ received, wanted: check.end });
      if (!(await verify()) || received >= limit) return;
      if (bytesPerSecond !== undefined && fresh.byteLength > 0) {
        await wait((1000 * fresh.byteLength) / bytesPerSecond, signal);
      }
    }
  }

  /** One request. @returns why it ended where it brought less than it was asked for. */
  async function fetchMore(): Promise<Pause> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const timer = setTimeout(() => stop.abort(new Error('no answer')), stallMs);
    try {
      const request = { model, sha256, offset: received, end: wanted(), bytes: pointed.bytes };
      const answer = await source.open({ ...request, etag, signal: either });
      clearTimeout(timer);
      if (answer.kind !== 'part') return answer;
      if (answer.etag !== etag) {
        etag = answer.etag;
        // Bytes of another file may be among those that no hash has covered yet.
        const doubtful = received > check.verified;
        received = check.verified;
        if (doubtful && answer.offset > 0) return pause('the file changed in between');
      }
      await take(answer, stop);
      return pause('the bytes ended early');
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Interruption || error === stop.signal.reason) {
        return pause((error as Error).message);
      }
      throw error;
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  }

  async function finish(): Promise<DownloadOutcome> {
    const end = check.end ?? pointed.bytes;
    received = end;
    await keep(true);
    await store.seal(sha256);
    return { kind: 'complete', bytes: end };
  }

  try {
    await resume();
    while (!check.complete) {
      signal.throwIfAborted();
      const before = received;
      const asked = wanted();
      const { kind, reason, retryAfterMs = 0 } = await fetchMore();
      if (mismatches >= MAX_MISMATCHES) {
        return { kind: 'unavailable', reason: 'the bytes that come are not those of the bundle' };
      }
      if (check.complete || received > before) vain = 0;
      if (check.complete || received >= asked) continue;
      if (received > before) backoff.reset();
      else vain++;
      if (kind === 'refused' || vain >= MAX_VAIN_TRIES) {
        await keep(true);
        return { kind: 'unavailable', reason };
      }
      await wait(Math.max(backoff.next(), retryAfterMs), signal);
    }
    return await finish();
  } catch (error) {
    if (signal.aborted) {
      await keep(true);
      throw error;
    }
    if (error instanceof InputError && error.code.startsWith('bundle-')) {
      return { kind: 'unusable', reason: `${error.code}: ${error.message}` };
    }
    throw error;
  }
}

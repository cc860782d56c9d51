// Checks a bundle while its bytes come in: the header by the pointer's hash, each stage by the
// manifest that the header holds, and the whole, where it is wanted, by the pointer's again.
import {
  MAX_HEADER_BYTES,
  parseManifest,
  parseSafetensors,
  sha256Hex,
} from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import type { PointedBundle } from '@dandan/shared/release';

/** Stages that a gateway runs; `all`: the whole file. */
export type Stages = number | 'all';

export interface PrefixCheck {
  /** Bytes from the beginning of the file that are the bundle's beyond doubt. */
  readonly verified: number;
  /** Length of what is wanted; `undefined` until the header is known. */
  readonly end: number | undefined;
  /** How many bytes the next step needs, counted from the beginning of the file. */
  readonly needs: number;
  readonly complete: boolean;
  /**
   * Goes as far as `bytes`, the file from its beginning, allow.
   *
   * @returns false where the bytes after `verified` are not the bundle's.
   * @throws {InputError} `bundle-*` where the released bundle itself cannot be run here: another
   * try would fetch the same.
   */
  advance(bytes: Uint8Array): Promise<boolean>;
}

const LENGTH_BYTES = 8;

interface Part {
  readonly begin: number;
  readonly end: number;
  readonly sha256: string;
}

function headerEnd(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  return length > BigInt(MAX_HEADER_BYTES)
    ? Number.POSITIVE_INFINITY
    : LENGTH_BYTES + Number(length);
}

/** What has to fit behind a header that the pointer vouches for. @throws {InputError} `bundle-*`. */
function partsOf(header: Uint8Array, pointed: PointedBundle, stages: Stages): Part[] {
  const { dataOffset, fileBytes, metadata } = parseSafetensors(header, { prefix: true });
  if (fileBytes !== pointed.bytes) {
    throw new InputError('bundle-header-invalid', 'The header states another length of the file', {
      field: 'pointer.bundle.bytes',
      value: pointed.bytes,
      allowed: `${fileBytes}`,
    });
  }
  const manifest = parseManifest(metadata.manifest ?? 'null');
  const count = stages === 'all' ? manifest.stages.length : stages;
  let begin = dataOffset;
  return manifest.stages.slice(0, count).map(({ endByte, sha256 }) => {
    const part = { begin, end: dataOffset + endByte, sha256 };
    begin = part.end;
    return part;
  });
}

/** Every byte is right by the header that was signed, and the whole is not by the hash beside it. */
const contradiction = ({ sha256 }: PointedBundle, actual: string) =>
  new InputError('bundle-hash-mismatch', 'The pointer contradicts itself', {
    field: 'pointer.bundle.sha256',
    value: actual,
    allowed: sha256,
  });

/** A check of one bundle that has seen no byte yet. */
export function createPrefixCheck(options: {
  readonly pointed: PointedBundle;
  readonly stages: Stages;
}): PrefixCheck {
  const { pointed, stages } = options;
  let verified = 0;
  let needs = LENGTH_BYTES;
  let parts: readonly Part[] | undefined;
  let complete = false;

  async function checkHeader(bytes: Uint8Array): Promise<boolean> {
    const end = headerEnd(bytes);
    if (end > pointed.bytes) return false;
    needs = end;
    if (bytes.byteLength < end) return true;
    const header = bytes.subarray(0, end);
    if ((await sha256Hex(header)) !== pointed.header) return false;
    parts = partsOf(header, pointed, stages);
    verified = end;
    return true;
  }

  async function checkParts(bytes: Uint8Array, known: readonly Part[]): Promise<boolean> {
    for (const { begin, end, sha256 } of known) {
      if (end <= verified) continue;
      needs = end;
      if (bytes.byteLength < end) return true;
      if ((await sha256Hex(bytes.subarray(begin, end))) !== sha256) return false;
      verified = end;
    }
    if (stages === 'all') {
      const actual = await sha256Hex(bytes.subarray(0, pointed.bytes));
      if (actual !== pointed.sha256) throw contradiction(pointed, actual);
    }
    complete = true;
    return true;
  }

  return {
    get verified() {
      return verified;
    },
    get end() {
      return parts?.at(-1)?.end;
    },
    get needs() {
      return needs;
    },
    get complete() {
      return complete;
    },
    async advance(bytes) {
      if (complete) return true;
      if (parts === undefined) {
        if (bytes.byteLength < LENGTH_BYTES) return true;
        if (!(await checkHeader(bytes))) return false;
      }
      return parts === undefined ? true : checkParts(bytes, parts);
    },
  };
}

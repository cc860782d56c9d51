// One input object, read by ranges, and only as the bytes that the job was planned on.
import { InputError } from '@dandan/shared/error';
import { type FileRow, inputKey } from '../job.ts';

export interface InputSource {
  readonly name: string;
  /** Of the whole object. */
  readonly bytes: number;
  /** Ranges read so far, for the price. */
  readonly reads: number;
  /** Bytes that they gave. */
  readonly bytesRead: number;
  /**
   * `length` bytes from `offset`, fewer at the end of the object.
   *
   * @throws {InputError} `data-missing` where the object is gone, `data-invalid` where it was replaced.
   */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

export function openInput(
  bucket: R2Bucket,
  { name, etag, bytes }: Pick<FileRow, 'name' | 'etag' | 'bytes'>,
): InputSource {
  let reads = 0;
  let bytesRead = 0;
  return {
    name,
    bytes,
    get reads() {
      return reads;
    },
    get bytesRead() {
      return bytesRead;
    },
    async read(offset, length) {
      const wanted = Math.min(length, bytes - offset);
      if (wanted <= 0) return new Uint8Array();
      reads++;
      bytesRead += wanted;
      const object = await bucket.get(inputKey(name), {
        range: { offset, length: wanted },
        onlyIf: { etagMatches: etag },
      });
      if (object === null) {
        throw new InputError('data-missing', `There is no input '${name}' any more`, {
          field: name,
          allowed: 'inputs that stay until the job has ended',
        });
      }
      if (!('body' in object)) {
        throw new InputError('data-invalid', `Input '${name}' was replaced after planning`, {
          field: name,
          value: object.etag,
          allowed: etag,
        });
      }
      return new Uint8Array(await object.arrayBuffer());
    },
  };
}

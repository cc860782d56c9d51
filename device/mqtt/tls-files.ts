// Certificates of a connection, read for every try: a renewed one is used without a restart.
import { readFile } from 'node:fs/promises';

export interface TlsFiles {
  /** PEM of the authority that signed the broker's certificate. @default {the system's} */
  readonly caFile?: string | undefined;
  /** PEM of the client's certificate, with those that lead to its authority. */
  readonly certFile?: string | undefined;
  /** PEM of the client's private key. */
  readonly keyFile?: string | undefined;
}

/** The contents, under the names that node:tls has for them. @throws {Error} of the file system. */
export async function readTlsFiles(files: TlsFiles = {}) {
  const { caFile, certFile, keyFile } = files;
  const [ca, cert, key] = await Promise.all(
    [caFile, certFile, keyFile].map((file) =>
      file === undefined ? undefined : readFile(file, 'utf8'),
    ),
  );
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

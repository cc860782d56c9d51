// A certificate authority for tests, made by openssl: real chains, real dates.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** True when tests that need openssl cannot run: install Debian's `openssl`. */
export const skipOpenssl =
  spawnSync('openssl', ['version']).error !== undefined && process.env.DANDAN_REQUIRE_ALL !== '1';

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface TestAuthority {
  readonly caFile: string;
  /** A certificate for `names`, such as `DNS:localhost` or `IP:127.0.0.1`, for so many days. */
  issue(name: string, options: { names: readonly string[]; days: number }): CertificateFiles;
}

/** An authority that lives in `folder`. */
export function createAuthority(folder: string): TestAuthority {
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    ...['req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem')],
    ...['-days', '3650', '-subj', '/CN=test authority'],
  );
  return {
    caFile: at('ca.pem'),
    issue(name, { names, days }) {
      const files = { certFile: at(`${name}.pem`), keyFile: at(`${name}.key`) };
      const request = at(`${name}.csr`);
      const extensions = at(`${name}.ext`);
      openssl('req', ...key, '-keyout', files.keyFile, '-out', request, '-subj', `/CN=${name}`);
      writeFileSync(extensions, `subjectAltName=${names.join(',')}\n`);
      openssl(
        ...['x509', '-req', '-in', request, '-CA', at('ca.pem'), '-CAkey', at('ca.key')],
        ...['-CAcreateserial', '-days', String(days), '-extfile', extensions],
        ...['-out', files.certFile],
      );
      return files;
    },
  };
}

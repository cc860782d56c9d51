// The certificate of a broker or an edge: who vouches for it, for which name, for how long.
import { once } from 'node:events';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { readTlsFiles, type TlsFiles } from '../../mqtt/tls-files.ts';
import { CHECK_TIMEOUT_MS, CheckFailure, type Finding } from '../check-failure.ts';
import { judgeLife } from './certificate.ts';

export interface TlsCheckOptions {
  readonly host: string;
  readonly port: number;
  readonly files?: TlsFiles | undefined;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

const DAYS_MATTER = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

function fixOf(code: string, host: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `reach it by a name that is in its certificate, or add ${host} to the certificate`;
  }
  return 'name the authority that signed it in tls.caFile';
}

/** A chain that Node refuses is looked at all the same: to say why is what this is for. */
async function shakeHands(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ ...options, rejectUnauthorized: false });
  socket.on('error', () => {});
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) });
    return socket;
  } catch (error) {
    socket.destroy();
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ABORT_ERR' ? 'no answer' : (code ?? message);
    throw new CheckFailure(
      `no TLS connection: ${reason}`,
      'see that the port speaks TLS and that nothing on the way blocks it',
    );
  }
}

/** @throws {CheckFailure} */
export async function checkTls(options: TlsCheckOptions): Promise<Finding> {
  const { host, port, files, now = Date.now } = options;
  const pem = await readTlsFiles(files).catch(({ code, path }) => {
    throw new CheckFailure(
      `${path} cannot be read: ${code}`,
      "correct the file's name, or let the gateway's user read it",
    );
  });
  // Server names are names: RFC 6066 forbids addresses.
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket = await shakeHands({ host, port, ...servername, ...pem });
  try {
    const peer = socket.getPeerX509Certificate();
    if (peer === undefined) {
      throw new CheckFailure('shows no certificate', 'see that the port speaks TLS');
    }
    const { subjectAltName, subject } = peer;
    const named = isIP(host) === 0 ? peer.checkHost(host) : peer.checkIP(host);
    // node:tls has the code here, and the type of an Error.
    const error = socket.authorizationError as unknown as string | undefined;
    const { validFromDate, validToDate } = peer;
    if (error !== undefined && DAYS_MATTER.includes(error)) {
      judgeLife(validFromDate, validToDate, now(), 'certificate');
    }
    const code = named === undefined ? 'ERR_TLS_CERT_ALTNAME_INVALID' : error;
    if (code !== undefined && code !== null) {
      const shown = named === undefined ? `is for ${subjectAltName ?? subject}` : String(code);
      throw new CheckFailure(`certificate not trusted: ${shown}`, fixOf(String(code), host));
    }
    const { detail, warning } = judgeLife(validFromDate, validToDate, now(), 'certificate');
    return { detail: `${socket.getProtocol()}, ${detail}`, warning };
  } finally {
    socket.destroy();
  }
}

// How long a certificate lasts, and whether a client's own fits its key.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CheckFailure, type Finding } from '../check-failure.ts';

const DAY_MS = 86_400_000;

/** A month: renewing takes a person, a change request and a maintenance window. */
const WARN_DAYS = 30;

/** Judges the end of a certificate's life. @throws {CheckFailure} when it is over or not begun. */
export function judgeLife(validFrom: Date, validTo: Date, now: number, whose: string): Finding {
  const end = validTo.toISOString().slice(0, 10);
  const days = Math.floor((validTo.getTime() - now) / DAY_MS);
  if (now < validFrom.getTime()) {
    const begin = validFrom.toISOString().slice(0, 10);
    throw new CheckFailure(`${whose} is valid from ${begin} on`, "set this machine's clock");
  }
  if (now >= validTo.getTime()) {
    throw new CheckFailure(
      `${whose} expired on ${end}`,
      "renew it, or set this machine's clock if the date is wrong",
    );
  }
  const detail = `${whose} valid until ${end}, ${days} days`;
  return days < WARN_DAYS ? { detail, warning: `renew it within ${days} days` } : { detail };
}

async function readPem(file: string, field: string): Promise<string> {
  return readFile(file, 'utf8').catch(({ code }) => {
    throw new CheckFailure(
      `${file} cannot be read: ${code}`,
      `correct ${field}, or let the gateway's user read it`,
    );
  });
}

export interface ClientCertificateOptions {
  readonly certFile: string;
  readonly keyFile: string;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/** The gateway's own certificate: readable, in time, and made for its key. @throws {CheckFailure} */
export async function checkClientCertificate(options: ClientCertificateOptions): Promise<Finding> {
  const { certFile, keyFile, now = Date.now } = options;
  const certText = await readPem(certFile, 'tls.certFile');
  const keyText = await readPem(keyFile, 'tls.keyFile');
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(certText);
  } catch {
    throw new CheckFailure(`${certFile} is no certificate`, 'store the PEM in tls.certFile');
  }
  let fits: boolean;
  try {
    fits = certificate.checkPrivateKey(createPrivateKey(keyText));
  } catch {
    throw new CheckFailure(
      `${keyFile} is no private key that can be used`,
      'store the PEM without a passphrase in tls.keyFile',
    );
  }
  if (!fits) {
    throw new CheckFailure(
      `${keyFile} is not the key of ${certFile}`,
      'name the certificate and the key that were made together',
    );
  }
  const { validFromDate, validToDate } = certificate;
  return judgeLife(validFromDate, validToDate, now(), 'client certificate');
}

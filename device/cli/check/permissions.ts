// Whether secrets are the gateway's own, and whether others could change what it does.
import { stat } from 'node:fs/promises';
import { CheckFailure, type Finding } from '../check-failure.ts';

export interface PermissionsCheckOptions {
  readonly configFile: string;
  /** Keys and passwords. */
  readonly secretFiles: readonly string[];
  /** User that checks, who should be the one that runs. @default {the process's own} */
  readonly uid?: number | undefined;
}

const GROUP_AND_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o002;

async function modeOf(file: string): Promise<{ mode: number; uid: number }> {
  return stat(file).catch(({ code }) => {
    throw new CheckFailure(`${file} cannot be read: ${code}`, 'correct its name or its rights');
  });
}

/** @throws {CheckFailure} */
export async function checkPermissions(options: PermissionsCheckOptions): Promise<Finding> {
  const { configFile, secretFiles, uid = process.getuid?.() } = options;
  const config = await modeOf(configFile);
  if ((config.mode & WRITABLE_BY_OTHERS) !== 0) {
    throw new CheckFailure(
      `anybody on this machine can change ${configFile}`,
      `chmod o-w ${configFile}`,
    );
  }
  for (const file of secretFiles) {
    const { mode, uid: owner } = await modeOf(file);
    if ((mode & GROUP_AND_OTHERS) !== 0) {
      const octal = (mode & 0o777).toString(8).padStart(4, '0');
      throw new CheckFailure(`${file} has mode ${octal}: others can read it`, `chmod 600 ${file}`);
    }
    // Root reads everything, and a service's credentials are root's.
    if (uid !== undefined && owner !== uid && owner !== 0 && uid !== 0) {
      throw new CheckFailure(
        `${file} belongs to user ${owner}, not ${uid}`,
        `chown ${uid} ${file}`,
      );
    }
  }
  const secrets = secretFiles.length === 0 ? 'no secret files' : `${secretFiles.length} secret`;
  return {
    detail: `${secrets}${secretFiles.length > 0 ? ' file(s) private' : ''}, configuration safe`,
  };
}

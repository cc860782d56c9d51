// The workerd that Miniflare brings.
import { createRequire } from 'node:module';

/** Path of the program. */
export function findWorkerd(): string {
  const require = createRequire(import.meta.url);
  const { default: path } = createRequire(require.resolve('miniflare'))('workerd') as {
    default: string;
  };
  return path;
}

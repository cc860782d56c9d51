// The commented example of a configuration, as text. The bundled gateway holds it inside.
import { readFileSync } from 'node:fs';

/** @throws {Error} where the file is not beside the program. */
export function readExample(): string {
  return readFileSync(new URL('../gateway.example.yaml', import.meta.url), 'utf8');
}

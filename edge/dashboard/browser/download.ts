// A file from the edge into the person's own folder.
import { h } from './dom.ts';

/** A refusal has been thrown by the call before, where a plain link would save it as the file. */
export async function download(response: Response, name: string): Promise<void> {
  const address = URL.createObjectURL(await response.blob());
  h('a', { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}

// One line that rewrites itself on a terminal: what is being done and how much of it is done.
// Nothing is written to a pipe.

/** Ten redraws a second are smooth. */
const REDRAW_MS = 100;

export interface ShareView extends Disposable {
  show(work: string, share: number): void;
}

/** @param stream a terminal or a pipe; stderr keeps stdout for results. */
export function createShareView(stream: NodeJS.WriteStream = process.stderr): ShareView {
  let drawnAt = 0;
  const rewrite = (text: string) => {
    if (stream.isTTY) stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 120) - 1)}`);
  };
  return {
    show(work, share) {
      const now = performance.now();
      if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      rewrite(`${String(Math.round(100 * share)).padStart(3)} %  ${work}`);
    },
    [Symbol.dispose]: () => rewrite(''),
  };
}

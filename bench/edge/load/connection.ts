// One kept connection that sends the same request again as soon as it is answered.
import { connect } from 'node:net';

const HEAD_END = '\r\n\r\n';

export interface Connection {
  /**
   * Asks again and again; each answer is told by its milliseconds and the time of its end
   * (`performance.now()`), and says whether to go on.
   */
  run(answered: (milliseconds: number, now: number) => boolean): Promise<void>;
  close(): void;
}

/** Bytes of the answer at the start of `chunk`. @throws {Error} for anything but a 200 of known length. */
function answerBytes(chunk: Buffer): number | undefined {
  const end = chunk.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const head = chunk.toString('latin1', 0, end);
  if (!head.startsWith('HTTP/1.1 200'))
    throw new Error(`answered ${chunk.toString('latin1', 0, 600)}`);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`no content-length in ${head}`);
  return end + HEAD_END.length + Number(length);
}

export function openConnection(port: number, request: Uint8Array): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let started = 0;
  let held: Buffer = Buffer.alloc(0);
  /** Bytes still to come of the answer under way. */
  let missing = 0;
  let answered: (milliseconds: number, now: number) => boolean = () => false;
  let finish = Promise.withResolvers<void>();

  const send = () => {
    started = performance.now();
    socket.write(request);
  };
  const complete = () => {
    const now = performance.now();
    if (answered(now - started, now)) send();
    else finish.resolve();
  };
  const read = (chunk: Buffer) => {
    if (missing > 0) {
      missing -= chunk.length;
      if (missing === 0) complete();
      return;
    }
    const whole = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const bytes = answerBytes(whole);
    held = bytes === undefined ? whole : Buffer.alloc(0);
    if (bytes === undefined) return;
    missing = bytes - whole.length;
    if (missing === 0) complete();
  };
  socket.on('data', (chunk) => {
    try {
      read(chunk);
    } catch (error) {
      finish.reject(error as Error);
    }
  });
  socket.on('close', () => finish.reject(new Error('the server closed the connection')));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () =>
      resolve({
        run(tell) {
          finish = Promise.withResolvers();
          answered = tell;
          send();
          return finish.promise;
        },
        close() {
          socket.removeAllListeners('close');
          socket.destroy();
        },
      }),
    );
  });
}

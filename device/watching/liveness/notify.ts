// Tells systemd that the gateway runs, lives and stops (sd_notify(3)). Node has no datagram Unix
// sockets, so systemd's own helper does the sending; the unit needs NotifyAccess=all for it.
import { spawn } from 'node:child_process';

/** systemd waits for READY as long as the unit says; a helper that hangs must not hold anything. */
const HELPER_TIMEOUT_MS = 10_000;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Liveness {
  /** Milliseconds between two signs of life that systemd asks for; `undefined`: none wanted. */
  readonly intervalMs: number | undefined;
  /** `READY=1`; from then on signs of life go out from the event loop, so that one that hangs stops them. */
  ready(): Promise<void>;
  /** `STOPPING=1`; no further signs. */
  stopping(): Promise<void>;
}

export interface LivenessOptions {
  /** @default {process.env} */
  readonly environment?: Environment;
  /** Asked before each sign of life: false keeps it back, and systemd restarts the gateway. @default {() => true} */
  readonly alive?: () => boolean;
  /** Told when the helper cannot be run. @default {nobody} */
  readonly onFailure?: (reason: string) => void;
}

/** Half of the time after which systemd gives up, as sd_watchdog_enabled(3) advises. */
function intervalOf({ NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID }: Environment) {
  const watchdogMs = Number(WATCHDOG_USEC) / 1000;
  if (!NOTIFY_SOCKET || !(watchdogMs > 0)) return undefined;
  const own = WATCHDOG_PID === undefined || WATCHDOG_PID === String(process.pid);
  return own ? watchdogMs / 2 : undefined;
}

/** Does nothing where systemd does not ask, as in a container. */
export function createLiveness(options: LivenessOptions = {}): Liveness {
  const { environment = process.env, alive = () => true, onFailure = () => {} } = options;
  const intervalMs = intervalOf(environment);
  let timer: NodeJS.Timeout | undefined;

  function send(...assignments: string[]): Promise<void> {
    const { NOTIFY_SOCKET } = environment;
    if (!NOTIFY_SOCKET) return Promise.resolve();
    return new Promise((resolve) => {
      // The helper needs the socket's name and a search path, and none of our secrets.
      const helper = spawn('systemd-notify', assignments, {
        env: { NOTIFY_SOCKET, PATH: environment.PATH ?? '/usr/bin:/bin' },
        stdio: 'ignore',
        timeout: HELPER_TIMEOUT_MS,
      });
      helper.once('error', ({ message }) => {
        onFailure(message);
        resolve();
      });
      helper.once('close', (code) => {
        // One that could not be started has told so above.
        if (code !== 0 && helper.pid !== undefined) onFailure(`systemd-notify ended with ${code}`);
        resolve();
      });
    });
  }

  return {
    intervalMs,
    async ready() {
      await send('READY=1', `MAINPID=${process.pid}`);
      if (intervalMs === undefined) return;
      timer = setInterval(() => {
        if (alive()) send('WATCHDOG=1');
      }, intervalMs);
      timer.unref();
    },
    async stopping() {
      clearInterval(timer);
      await send('STOPPING=1');
    },
  };
}

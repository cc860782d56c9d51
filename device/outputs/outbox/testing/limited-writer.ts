// Puts messages under a limit on the size of files (RLIMIT_FSIZE) that the caller has set, until some
// are refused, and says what became of them. The database itself may grow much further.
import { openOutbox } from '../outbox.ts';

const [, , file = ''] = process.argv;
const outbox = openOutbox({ file, maxRows: 1e6 });
let added = 0;
for (let i = 0; i < 1000; i++) {
  const outcome = outbox.put(
    Array.from({ length: 64 }, (_, n) => ({
      class: 'prediction',
      id: `${i}-${n}`,
      destination: 't',
      payload: Buffer.alloc(1000),
    })),
  );
  added += outcome.added;
  if (outcome.refused.length === 0) continue;
  const waiting = outbox.takeMessages({ limit: 1e6 }).length;
  const { reason } = outcome.refused[0];
  process.stdout.write(JSON.stringify({ added, waiting, reason }));
  break;
}
outbox.close();

// A gateway's worth of writing, as a process of its own that may be killed at any moment. Each line on
// stdout names what the outbox has accepted by then: `p ID` a prediction, `e ID` an escalation,
// `r ID` an escalation whose answer was delivered.
import { writeSync } from 'node:fs';
import { openOutbox } from '../outbox.ts';

const [, , file = '', run = ''] = process.argv;
const outbox = openOutbox({ file, maxRows: 1_000_000 });
const say = (line: string) => writeSync(1, `${line}\n`);

if (outbox.recovery !== undefined) say(`damaged ${outbox.recovery.reason}`);

for (let i = 0; ; i++) {
  const ids = [`${run}-${i}-a`, `${run}-${i}-b`];
  outbox.put(
    ids.map((id) => ({ class: 'prediction', id, destination: 't', payload: Buffer.alloc(300) })),
  );
  for (const id of ids) say(`p ${id}`);
  outbox.add(
    ids.map((id) => ({
      id,
      bundle: 'b',
      model: 'm',
      codes: Buffer.alloc(100),
      prediction: JSON.stringify({ id }),
    })),
    { announced: false },
  );
  for (const id of ids) say(`e ${id}`);
  if (i % 3 === 0) {
    const [row] = outbox.take({ announced: false, limit: 1, except: new Set() });
    outbox.remove([row.seq]);
    say(`r ${row.id}`);
    // A journal that is read again brings it again.
    outbox.add([row], { announced: false });
  }
}

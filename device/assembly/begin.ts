// A gateway takes up where an earlier process of it ended.
import { tellDamage } from '../intake/index.ts';
import type { GatewayState, Parts } from './assemble.ts';

/** Reads the journal again, then takes new records. */
export function begin(parts: Parts): void {
  const { journal, intake, answering, outbox, status, lines, outputs } = parts;
  const { forwarding, escalator, control, log, onPolicy } = parts;
  const { alert } = status;
  if (outbox.recovery !== undefined) alert('outbox-damaged', outbox.recovery.reason);
  tellDamage(journal, alert);
  intake.replay((ids) => {
    answering.replayed = ids;
  });
  answering.replayed = undefined;
  /** Answers remembered up to the checkpoint before are in no journal any more. */
  let remembered = outbox.time;
  journal.start({
    apply: intake.pipeline.apply,
    snapshot: (): GatewayState => ({
      pipeline: intake.pipeline.snapshot(),
      lines: lines.snapshot(),
      outputs: outputs.snapshot(),
    }),
    onCheckpoint() {
      forwarding.delivery.keepAll();
      escalator.commit();
      outbox.forgetAnswered(remembered);
      remembered = outbox.time;
    },
    onUnwritable: ({ message }) => alert('journal-unwritable', message),
    onWritable: () => log.info('journal-writable'),
  });
  const { policy } = intake.pipeline;
  const now = control.policy.current();
  if (policy.policy !== now.policy || policy.maxStage !== now.maxStage) onPolicy(now);
}

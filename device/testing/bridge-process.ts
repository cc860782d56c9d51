// The bridge's command as a process of its own, which a test can kill.
import { bridge } from '../cli/bridge.ts';

process.exitCode = await bridge(
  { config: process.argv[2], json: true },
  {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  },
);

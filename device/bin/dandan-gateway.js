#!/usr/bin/env node
// Starts the gateway's command line where Node can run its TypeScript as it stands.
// Plain JavaScript of any age, so that an old Node gets a message and not a syntax error.

// First version that strips types without a flag (Node 22.18.0 changelog).
const NEEDED = [22, 18];

const [major, minor] = process.versions.node.split('.').map(Number);

if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.stderr.write(
    `dandan-gateway needs Node ${NEEDED.join('.')} or later; this is ${process.versions.node}.\n` +
      'Run it through npm, which brings Node 24 along: npx dandan-gateway …\n',
  );
  process.exit(1);
}

await import('./quiet-warnings.js');
const { main } = await import('../cli/main.ts');
process.exit(await main(process.argv.slice(2)));

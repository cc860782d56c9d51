#!/usr/bin/env node
// Starts the command line on a Node that runs TypeScript: npm scripts and npx use
// the Node 24 that the project installs; a direct call may meet an older one.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `dandan needs Node 22.18 or later; this is ${process.versions.node}.\n` +
      'Run it as "npx dandan ..." inside the project, which brings its own Node 24.\n',
  );
  process.exit(1);
}
const { main } = await import('../cli/main.ts');
process.exitCode = await main(process.argv);

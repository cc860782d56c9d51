// Setup file of every test project: property tests draw the same examples in every
// run, so that a failure on one machine is a failure on all.
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_250_719 });

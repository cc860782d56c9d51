export { type ReadTopologyOptions, readTopology } from './read-topology.ts';

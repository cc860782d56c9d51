export { type PlantGraph, type PlantGraphOptions, plantGraph } from './plant-graph.ts';

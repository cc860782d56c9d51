export { graphProject } from './graph-project.ts';
export { plantProject } from './plant-project.ts';
export { LANGUAGES, type Language, type ProjectFile, shellPath } from './project-files.ts';
export { writeProject } from './write-project.ts';

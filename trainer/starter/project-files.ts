// What a new project is made of, before anything is written.

export const LANGUAGES = ['en', 'ja'] as const;

/** Of the comments in configuration files; guides come in both. */
export type Language = (typeof LANGUAGES)[number];

export interface ProjectFile {
  /** Relative to the project, with slashes. */
  readonly path: string;
  /** One line for people. */
  readonly about: string;
  readonly text: string;
}

export interface ProjectOptions {
  /** The project's folder as a command line of its user names it. */
  readonly dir: string;
  /** Name of the model. */
  readonly model: string;
  readonly language: Language;
}

/** A path as a shell takes it: quoted where it holds more than plain characters. */
export const shellPath = (path: string) =>
  /^[\w./@%+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;

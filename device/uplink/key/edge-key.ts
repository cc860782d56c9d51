// The gateway's key at the edge, which may be changed while the gateway runs.

/** A key, or a function that is asked for it at every request. */
export type EdgeKey = string | (() => string);

/** The key now. */
export const keyText = (key: EdgeKey): string => (typeof key === 'string' ? key : key());

/** The value of an `authorization` header. */
export const bearer = (key: EdgeKey): string => `Bearer ${keyText(key)}`;

// Who may do what: three scopes, each holding the ones below it.

/** From least to most: ask for predictions; be a gateway; change the registry. */
export const SCOPES = ['predict', 'device', 'operator'] as const;

export type Scope = (typeof SCOPES)[number];

/** The holder of a valid key. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  /** The device that the key was made for; absent where it is of no device. */
  readonly device?: string | null;
}

/** Whether a key of scope `held` may do what needs `needed`. */
export function includesScope(held: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(held) >= SCOPES.indexOf(needed);
}

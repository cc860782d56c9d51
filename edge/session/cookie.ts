// The cookie that holds a session's token: out of reach of scripts, sent to nobody else's pages.
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { SESSION_HOURS } from './session-store.ts';

const NAME = 'dandan-session';

/** A plant's own server may have no TLS; a cookie that is said to be secure would not come back. */
const isSecure = (c: Context) => new URL(c.req.url).protocol === 'https:';

/** With TLS the name itself forbids other hosts and paths (RFC 6265bis, cookie prefixes). */
const nameFor = (c: Context) => (isSecure(c) ? `__Host-${NAME}` : NAME);

const attributes = (c: Context) =>
  ({ path: '/', httpOnly: true, sameSite: 'Strict', secure: isSecure(c) }) as const;

export const readSessionCookie = (c: Context): string | undefined => getCookie(c, nameFor(c));

export function setSessionCookie(c: Context, token: string): void {
  setCookie(c, nameFor(c), token, { ...attributes(c), maxAge: SESSION_HOURS * 3600 });
}

export function deleteSessionCookie(c: Context): void {
  deleteCookie(c, nameFor(c), attributes(c));
}

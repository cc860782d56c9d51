// Whether a request that carries a cookie was made by the dashboard itself.

/**
 * Browsers say where a request comes from; one that changes something must come from here. The
 * cookie is `SameSite=Strict` already: this also holds off another port or a sibling of the host.
 */
export function isSameOrigin(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  const origin = request.headers.get('origin');
  return origin !== null && origin === new URL(request.url).origin;
}

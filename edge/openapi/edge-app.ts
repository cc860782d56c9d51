// The app as routes are added to it: each is served and documented from the same data.
import type { Context, Hono } from 'hono';
import type { EdgeEnv } from '../env.ts';
import { type Route, type RouteHandler, serveRoute } from './route.ts';

export interface EdgeApp {
  /** Routes added so far: what the OpenAPI document describes. */
  readonly routes: readonly Route[];
  add<const R extends Route>(route: R, handler: RouteHandler<R>): void;
}

/** @param begin runs at the start of every request that has a route. */
export function createEdgeApp(hono: Hono<EdgeEnv>, begin: (c: Context<EdgeEnv>) => void): EdgeApp {
  const routes: Route[] = [];
  return {
    routes,
    add(route, handler) {
      routes.push(route);
      serveRoute(hono, route, handler, begin);
    },
  };
}

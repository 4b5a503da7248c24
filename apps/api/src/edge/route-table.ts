import type { FastifyInstance } from 'fastify';

export interface KnownRoute {
  readonly method: string;
  /** The pattern, as logs and metrics name it. */
  readonly url: string;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route that was registered so far. */
    readonly routeTable: readonly KnownRoute[];
  }
}

/** Writes down every route as it is registered. Call it before any is. */
export function keepRouteTable(instance: FastifyInstance): void {
  const routes: KnownRoute[] = [];
  instance.decorate('routeTable', routes);
  instance.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });
}

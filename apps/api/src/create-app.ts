import type { IncomingMessage } from 'node:http';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '@app/config';
import { NestLog, type Logger } from '@app/observability';
import { ApiModule } from './api.module';
import { assertAccess } from './console/console-access';
import { ErrorFilter } from './edge/error.filter';
import { errorReply } from './edge/error-reply';
import { limitBodies, MOST_BODY_BYTES, readBodies } from './edge/read-body';
import { logRequests, requestIdOf } from './edge/request-log';
import { keepRouteTable } from './edge/route-table';
import { sendSafeHeaders } from './edge/safe-headers';
import { validationPipe } from './edge/validation';
import { serveDocs } from './open-api';
import { H5Shell } from './pages/h5-shell';
import { servePageAssets } from './pages/page-assets';

const SCAN_BODY_BYTES = 4 * 1024;
/** 20,000 coupon codes of 64 characters, with JSON's quotes around them. */
const COUPON_BODY_BYTES = 2 * 1024 * 1024;
/** A little more than a photo may have, so that one too large is told so. */
const PHOTO_BODY_BYTES = 2 * 1024 * 1024 + 64 * 1024;
/** As above, for a picture that campaigns show. */
const PICTURE_BODY_BYTES = 300 * 1024 + 64 * 1024;
/** A thousand tracking numbers with their orders. */
const TRACKING_BODY_BYTES = 256 * 1024;
const MOST_PARAM_CHARS = 256;

/** The api as it ships, not listening yet. Reaches the database while it starts. */
export async function createApp(config: Config, log: Logger): Promise<NestFastifyApplication> {
  const app = await bareApp(ApiModule.forRoot(config, log), { logger: new NestLog(log) });
  const instance = app.getHttpAdapter().getInstance();
  sendSafeHeaders(instance);
  logRequests(instance, log);
  await servePageAssets(instance, { prefix: '/h5', dir: config.http.h5Dir }, log);
  await servePageAssets(instance, { prefix: '/console', dir: config.http.consoleDir }, log);
  app.useGlobalFilters(new ErrorFilter(log, app.get(H5Shell, { strict: false })));
  serveDocs(app);
  await app.init();
  await instance.ready();
  assertAccess(instance.routeTable);
  return app;
}

type Options = Parameters<typeof NestFactory.create>[2];

/** What the routes need to be registered as they are served; `openapi.ts` needs no more than this. */
export async function bareApp(module: Type | DynamicModule, options: Options): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MOST_BODY_BYTES,
    // No middleware in the manner of Express is used, and its bridge costs every request.
    skipMiddie: true,
    genReqId: (raw: IncomingMessage) => requestIdOf(raw),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: MOST_PARAM_CHARS, caseSensitive: true, ignoreTrailingSlash: false },
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const { status, body } = errorReply(error, request.id);
      void reply.status(status).send(body);
    },
  });
  keepRouteTable(adapter.getInstance());
  limitBodies(adapter.getInstance(), {
    '/v1/h5/scans': SCAN_BODY_BYTES,
    '/v1/console/coupon-pools/:id/imports': COUPON_BODY_BYTES,
    '/v1/console/coupon-pools/:id/imports.txt': COUPON_BODY_BYTES,
    '/v1/console/fulfilment/tracking.csv': TRACKING_BODY_BYTES,
    '/v1/h5/complaints/:id/photos': PHOTO_BODY_BYTES,
    '/v1/console/pictures': PICTURE_BODY_BYTES,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { bodyParser: false, ...options });
  readBodies(app.getHttpAdapter().getInstance());
  app.useGlobalPipes(validationPipe());
  return app;
}

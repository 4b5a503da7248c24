import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '@app/observability';
import { errorReply } from './error-reply';

/** Shows people who opened an address that is not there our page instead of JSON. */
export interface NotFoundPage {
  send(reply: FastifyReply, status: number): Promise<void>;
}

/** The one exception filter of the api; it also hears of what Fastify refuses while it reads a request. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    private readonly page: NotFoundPage,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, body, headers, log } = errorReply(error, request.id);
    const where = { requestId: request.id, route: request.routeOptions?.url };
    if (log === 'error') this.log.error({ ...where, err: error }, 'request failed');
    if (log === 'warn') this.log.warn({ ...where, err: error }, 'request must come again');
    // A stream that broke half way has its head out already: the connection ends, the client sees a cut-off body.
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const answer = (): void => {
      void reply.status(status).headers(headers).header('cache-control', 'no-store').send(body);
    };
    if (status === 404 && wantsPage(request)) this.page.send(reply, status).catch(answer);
    else answer();
  }
}

/** A person's browser that opens an address; programs ask for JSON, and what lies under /v1 is for programs. */
function wantsPage({ method, headers, url }: FastifyRequest): boolean {
  const opens = method === 'GET' && (headers.accept ?? '').includes('text/html');
  return opens && !/^\/(v1|docs|h5\/assets)([/?]|$)/.test(url);
}

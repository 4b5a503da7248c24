import { Controller, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AUTHORISATION_NOTIFY_PATH, HandleAuthorisationNotify } from '@app/payouts';
import { rawBodyOf } from '../edge/read-body';

/** 免确认收款授权 tells that a person agreed, or that an agreement ended. */
@ApiExcludeController()
@Controller()
export class AuthorisationNotifyController {
  constructor(private readonly handle: HandleAuthorisationNotify) {}

  @Post(AUTHORISATION_NOTIFY_PATH)
  @RouteConfig({ rawBody: true })
  async notify(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { status, body } = await this.handle.run(request.headers, rawBodyOf(request));
    await reply.status(status).send(body);
  }
}

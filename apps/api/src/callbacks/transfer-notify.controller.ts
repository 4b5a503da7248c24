import { Controller, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HandleTransferNotify, TRANSFER_NOTIFY_PATH } from '@app/payouts';
import { rawBodyOf } from '../edge/read-body';

/** 商家转账 tells that a bill has ended. The signature is over the bytes, so the bytes are what is handed on. */
@ApiExcludeController()
@Controller()
export class TransferNotifyController {
  constructor(private readonly handle: HandleTransferNotify) {}

  @Post(TRANSFER_NOTIFY_PATH)
  @RouteConfig({ rawBody: true })
  async notify(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { status, body } = await this.handle.run(request.headers, rawBodyOf(request));
    await reply.status(status).send(body);
  }
}

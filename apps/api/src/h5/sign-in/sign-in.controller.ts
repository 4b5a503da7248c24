import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OAuthCallbackQuery, OAuthStartQuery } from './sign-in.dto';
import { MemberSignIn } from './member-sign-in';

/** Sign-in through WeChat: two redirects that nobody sees. */
@ApiTags('h5')
@Controller('v1/h5/oauth')
export class SignInController {
  constructor(private readonly signIn: MemberSignIn) {}

  @Get('start')
  @ApiFoundResponse({ description: 'To WeChat, or to /h5/sorry?reason=oauth_loop' })
  start(@Query() query: OAuthStartQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    reply.redirect(this.signIn.start(request, reply, query.return), 302);
  }

  @Get('callback')
  @ApiFoundResponse({ description: 'Back to the page, or to /h5/sorry?reason=…' })
  async callback(
    @Query() query: OAuthCallbackQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    reply.redirect(await this.signIn.finish(request, reply, query), 302);
  }
}

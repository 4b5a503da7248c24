import { Body, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Rejected } from '@app/kernel';
import { Login, SecondFactor, type Operator } from '@app/staff';
import { ClientAddress } from '../../edge/client-address';
import { RateLimit } from '../../edge/rate-limit';
import { routesOf } from '../console-access';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { ConsoleSession } from '../console-session';
import { LoginDto, OperatorAnswerDto } from './session.dto';

const LOGINS_PER_MINUTE = 30;

@ConsoleController('')
export class SessionController {
  private readonly attempts = new RateLimit(LOGINS_PER_MINUTE);

  constructor(
    private readonly login: Login,
    private readonly secondFactor: SecondFactor,
    private readonly session: ConsoleSession,
    private readonly addresses: ClientAddress,
  ) {}

  @Post('login')
  @HttpCode(200)
  async open(
    @Body() { login, password, code }: LoginDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OperatorAnswerDto> {
    const ip = this.addresses.of(request);
    const wait = this.attempts.take(ip ?? 'unknown', performance.now());
    if (wait > 0) throw new Rejected('too_fast', '登录太频繁，请稍后再试', 429, { retryAfterSeconds: wait });
    const userAgent = request.headers['user-agent'] ?? null;
    const { token, operator } = await this.login.run({ login, password, code, ip, userAgent });
    this.session.start(reply, token);
    return this.asAnswer(operator);
  }

  @Post('logout')
  @HttpCode(204)
  async close(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.session.end(request, reply);
  }

  @Get('me')
  me(@CurrentOperator() operator: Operator): OperatorAnswerDto {
    return this.asAnswer(operator);
  }

  private asAnswer(operator: Operator): OperatorAnswerDto {
    const mustEnrol = this.secondFactor.mustEnrol(operator);
    return { operator, may: routesOf(operator.roles), mustEnrol };
  }
}

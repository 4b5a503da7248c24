import { Body, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toString as qrText } from 'qrcode';
import { Rejected } from '@app/kernel';
import { ManageOperators, SecondFactor, Sessions, type Operator } from '@app/staff';
import { RateLimit } from '../../edge/rate-limit';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { ConsoleSession } from '../console-session';
import {
  CodeDto,
  EnrolmentDto,
  OpenSessionsDto,
  OwnPasswordDto,
  PasswordProofDto,
  RecoveryCodesDto,
  SecondFactorDto,
} from './own-account.dto';

const CODES_PER_MINUTE = 10;

/** What everybody does with the own account. */
@ConsoleController('')
export class OwnAccountController {
  private readonly attempts = new RateLimit(CODES_PER_MINUTE);

  constructor(
    private readonly operators: ManageOperators,
    private readonly factor: SecondFactor,
    private readonly sessions: Sessions,
    private readonly session: ConsoleSession,
  ) {}

  /** Ends all sessions, this one included: the page signs in again with the new one. */
  @Post('password')
  @HttpCode(204)
  async password(
    @CurrentOperator() operator: Operator,
    @Body() { present, wanted }: OwnPasswordDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    this.take(operator);
    await this.operators.changePassword(operator, present, wanted);
    await this.session.end(request, reply);
  }

  @Get('sessions')
  async list(@CurrentOperator() { id }: Operator, @Req() request: FastifyRequest): Promise<OpenSessionsDto> {
    return { items: await this.sessions.listOf(id, this.session.tokenOf(request)) };
  }

  @Post('sessions/:id/end')
  @HttpCode(204)
  end(@CurrentOperator() operator: Operator, @Param('id') id: string): Promise<void> {
    return this.sessions.revokeOwn(operator, id);
  }

  @Get('second-factor')
  async standing(@CurrentOperator() operator: Operator): Promise<SecondFactorDto> {
    const recoveryLeft = await this.factor.recoveryLeft(operator.id);
    return { enrolled: operator.secondFactor === true, needed: this.factor.demandedOf(operator), recoveryLeft };
  }

  @Post('second-factor')
  @HttpCode(200)
  async propose(@CurrentOperator() operator: Operator, @Body() { password }: PasswordProofDto): Promise<EnrolmentDto> {
    this.take(operator);
    const enrolment = await this.factor.propose(operator, password);
    const svg = await qrText(enrolment.uri, { type: 'svg', margin: 1, errorCorrectionLevel: 'L' });
    return { ...enrolment, qr: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` };
  }

  @Post('second-factor/confirm')
  @HttpCode(200)
  async confirm(@CurrentOperator() operator: Operator, @Body() { code }: CodeDto): Promise<RecoveryCodesDto> {
    this.take(operator);
    return { codes: await this.factor.confirm(operator, code) };
  }

  @Post('second-factor/recovery-codes')
  @HttpCode(200)
  async renew(@CurrentOperator() operator: Operator, @Body() { code }: CodeDto): Promise<RecoveryCodesDto> {
    this.take(operator);
    return { codes: await this.factor.renewRecovery(operator, code) };
  }

  @Post('second-factor/remove')
  @HttpCode(204)
  remove(@CurrentOperator() operator: Operator, @Body() { code }: CodeDto): Promise<void> {
    this.take(operator);
    return this.factor.remove(operator, code);
  }

  private take({ id }: Operator): void {
    const wait = this.attempts.take(id, performance.now());
    if (wait > 0) throw new Rejected('too_fast', '操作太频繁，请稍后再试', 429, { retryAfterSeconds: wait });
  }
}

import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BindPhone, MemberPhone, PHONE_CONSENT, RequestPhoneCode, SmsSender } from '@app/members';
import { MemberSession } from '../sign-in/member-session';
import { PhoneLimits } from './phone-limits';
import { BindPhoneDto, MyPhoneDto, PhoneBoundDto, PhoneCodeAskedDto, PhoneCodeDto } from './phone.dto';

/** A member's own phone number. What is answered never tells whose a number is, until its holder has proved to hold it. */
@ApiTags('h5')
@Controller('v1/h5/me/phone')
export class PhoneController {
  constructor(
    private readonly session: MemberSession,
    private readonly limits: PhoneLimits,
    private readonly requestCode: RequestPhoneCode,
    private readonly bindPhone: BindPhone,
    private readonly phones: MemberPhone,
    private readonly sms: SmsSender,
  ) {}

  @Get()
  async mine(@Req() request: FastifyRequest): Promise<MyPhoneDto> {
    const masked = await this.phones.masked(this.session.require(request));
    return { bound: masked !== null, masked, available: this.sms.available, consent: PHONE_CONSENT };
  }

  /** Sends a code to a number; with it goes the consent to keep the number. */
  @Post('code')
  @HttpCode(202)
  async code(@Req() request: FastifyRequest, @Body() body: PhoneCodeDto): Promise<PhoneCodeAskedDto> {
    const member = this.session.require(request);
    this.limits.admit(request);
    return this.requestCode.run(member, body);
  }

  /** Binds the number that the code was sent to. */
  @Post()
  @HttpCode(200)
  async bind(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: BindPhoneDto,
  ): Promise<PhoneBoundDto> {
    const asking = this.session.require(request);
    this.limits.admit(request);
    const { kind, member, masked } = await this.bindPhone.run(asking, body);
    if (member !== asking) this.session.start(reply, member);
    return { kind, masked };
  }

  /** Takes the consent back: the number is deleted. */
  @Delete()
  @HttpCode(204)
  async giveUp(@Req() request: FastifyRequest): Promise<void> {
    await this.phones.giveUp(this.session.require(request));
  }
}

import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AgreeToReminders } from '@app/rewards';
import { MemberSession } from '../sign-in/member-session';
import { ReminderConsentDto, type ReminderOfferDto } from './reminders.dto';

/** A member agrees to one message before money that waits is lost out of sight (订阅通知). */
@ApiTags('h5')
@Controller('v1/h5/reminders')
export class RemindersController {
  constructor(
    private readonly session: MemberSession,
    private readonly reminders: AgreeToReminders,
  ) {}

  @Get()
  look(@Req() request: FastifyRequest): Promise<ReminderOfferDto> {
    return this.reminders.offer(this.session.require(request));
  }

  /** After 允许 in WeChat's dialog; each is one message. 409 `reminder_changed`: another template is asked for now. */
  @Post()
  @HttpCode(200)
  agree(@Req() request: FastifyRequest, @Body() { templateId }: ReminderConsentDto): Promise<ReminderOfferDto> {
    return this.reminders.run(this.session.require(request), templateId);
  }
}

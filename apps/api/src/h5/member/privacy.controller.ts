import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EraseMember } from '@app/members';
import { AgreeToReminders, OwnAddresses } from '@app/rewards';
import { MemberSession } from '../sign-in/member-session';
import { OAuthRound } from '../sign-in/oauth-round';
import { MyDataFile } from './my-data-file';
import { EraseDto, ErasureOutlookDto, PrivacyDto } from './my-records.dto';
import { MyPrivacy } from './my-privacy';
import { PrivacyLimits } from './privacy-limits';

/** What is kept of a member: look, take back, take along, and be forgotten. */
@ApiTags('h5')
@Controller('v1/h5/me')
export class PrivacyController {
  constructor(
    private readonly session: MemberSession,
    private readonly round: OAuthRound,
    private readonly limits: PrivacyLimits,
    private readonly privacy: MyPrivacy,
    private readonly file: MyDataFile,
    private readonly addresses: OwnAddresses,
    private readonly reminders: AgreeToReminders,
    private readonly eraseMember: EraseMember,
  ) {}

  @Get('privacy')
  look(@Req() request: FastifyRequest): Promise<PrivacyDto> {
    return this.privacy.of(this.session.require(request));
  }

  /** Deletes every address that no parcel needs just now. */
  @Delete('addresses')
  @HttpCode(200)
  async withdrawAddresses(@Req() request: FastifyRequest): Promise<PrivacyDto> {
    const member = this.session.require(request);
    await this.addresses.withdraw(member);
    return this.privacy.of(member);
  }

  /** No reminder is sent from now on, whatever WeChat would still let us. */
  @Delete('reminders')
  @HttpCode(200)
  async withdrawReminders(@Req() request: FastifyRequest): Promise<PrivacyDto> {
    const member = this.session.require(request);
    await this.reminders.withdraw(member);
    return this.privacy.of(member);
  }

  /** Everything that is kept of the member, as one JSON document with Chinese names. 429 after two within a minute. */
  @Get('data.json')
  @ApiOkResponse({ content: { 'application/json': { schema: { type: 'object', additionalProperties: true } } } })
  async data(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const member = this.limits.admitFile(this.session.require(request));
    await reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('content-disposition', 'attachment; filename="my-data.json"')
      .header('cache-control', 'no-store')
      .send(Readable.from(this.file.write(member, new Date()), { objectMode: false }));
  }

  /** What would be lost, and whether it can be done now. Changes nothing. */
  @Get('erasure')
  outlook(@Req() request: FastifyRequest): Promise<ErasureOutlookDto> {
    return this.eraseMember.outlook(this.limits.admitErasure(this.session.require(request)));
  }

  /** Forgets the member for good and ends every session; a second time changes nothing. 409 `erasure_waits`, `erasure_changed`: look again. */
  @Post('erasure')
  @HttpCode(204)
  async erase(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { seen }: EraseDto,
  ): Promise<void> {
    const member = this.limits.admitErasure(this.session.requireEvenGone(request));
    await this.eraseMember.run(member, seen);
    this.session.end(reply);
    // Whoever comes next is somebody else, and signs in for the first time.
    this.round.forget(reply);
  }
}

import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { MyComplaints, OpenComplaint } from '@app/service';
import { IdPipe } from '../../edge/id.pipe';
import { PageQuery } from '../../edge/page.dto';
import { rawBodyOf } from '../../edge/read-body';
import { ComplaintLimits } from './complaint-limits';
import {
  ComplaintMadeDto,
  ComplaintWordsDto,
  MyComplaintDto,
  MyComplaintPageDto,
  NewComplaintDto,
} from './complaints.dto';
import { MemberSession } from '../sign-in/member-session';

/** What a member tells us when something went wrong, and what we answered. */
@ApiTags('h5')
@Controller('v1/h5/complaints')
export class ComplaintsController {
  constructor(
    private readonly session: MemberSession,
    private readonly limits: ComplaintLimits,
    private readonly openComplaint: OpenComplaint,
    private readonly mine: MyComplaints,
  ) {}

  @Get()
  list(@Req() request: FastifyRequest, @Query() page: PageQuery): Promise<MyComplaintPageDto> {
    return this.mine.list(this.session.require(request), page);
  }

  @Get(':id')
  one(@Req() request: FastifyRequest, @Param('id', IdPipe) id: number): Promise<MyComplaintDto> {
    return this.mine.one(this.session.require(request), id);
  }

  @Post()
  open(@Req() request: FastifyRequest, @Body() body: NewComplaintDto): Promise<ComplaintMadeDto> {
    return this.openComplaint.run(this.limits.admit(this.session.require(request)), body);
  }

  /** Another word; an answered complaint is open again. */
  @Post(':id/messages')
  @HttpCode(204)
  write(
    @Req() request: FastifyRequest,
    @Param('id', IdPipe) id: number,
    @Body() { text }: ComplaintWordsDto,
  ): Promise<void> {
    return this.openComplaint.write(this.limits.admit(this.session.require(request)), id, text);
  }

  /** JPEG, PNG or WebP of at most 2 MB, as the body; at most three. Where and by whom it was taken is not kept. */
  @Post(':id/photos')
  @HttpCode(204)
  @RouteConfig({ imageBody: true })
  @ApiConsumes('image/jpeg', 'image/png', 'image/webp')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  photo(@Req() request: FastifyRequest, @Param('id', IdPipe) id: number): Promise<void> {
    const member = this.limits.admit(this.session.require(request));
    return this.openComplaint.addPhoto(member, id, rawBodyOf(request));
  }
}

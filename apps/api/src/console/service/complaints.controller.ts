import { Body, Get, HttpCode, Param, ParseIntPipe, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AnswerComplaint, ComplaintDesk } from '@app/service';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { ComplaintDetailDto, ComplaintPageDto, ComplaintQuery, ComplaintReplyDto } from './complaints.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';

/** 客诉: what members wrote, with their photos. Beside it stand the scan and its explanation, by the scans' routes. */
@ConsoleController('complaints')
export class ComplaintDeskController {
  constructor(
    private readonly desk: ComplaintDesk,
    private readonly answer: AnswerComplaint,
  ) {}

  @Get()
  list(@Query() query: ComplaintQuery): Promise<ComplaintPageDto> {
    return this.desk.page(query);
  }

  @Get(':id')
  one(@Param('id', IdPipe) id: number): Promise<ComplaintDetailDto> {
    return this.desk.one(id);
  }

  /** A photo, by its position from 0. It came from a stranger: nothing in it may run, and nobody but us shows it. */
  @Get(':id/photos/:position')
  @ApiProduces('image/jpeg', 'image/png', 'image/webp')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async photo(
    @Param('id', IdPipe) id: number,
    @Param('position', ParseIntPipe) position: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { media, bytes } = await this.desk.photo(id, position);
    await reply
      .header('content-type', media)
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('cross-origin-resource-policy', 'same-origin')
      .header('content-disposition', 'inline')
      .send(bytes);
  }

  @Post(':id/reply')
  @HttpCode(204)
  reply(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { text }: ComplaintReplyDto,
  ): Promise<void> {
    return this.answer.reply(operator.id, id, text);
  }

  @Post(':id/close')
  @HttpCode(204)
  close(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<void> {
    return this.answer.close(operator.id, id);
  }
}

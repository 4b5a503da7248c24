import { Get, Post, Query, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Pictures } from '@app/pictures';
import type { Operator } from '@app/staff';
import { PageQuery } from '../../edge/page.dto';
import { rawBodyOf } from '../../edge/read-body';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { PictureDto, PicturePageDto } from './pictures.dto';

@ConsoleController('pictures')
export class PicturesController {
  constructor(private readonly pictures: Pictures) {}

  /** Everything that was uploaded so far, newest first, to choose from. */
  @Get()
  list(@Query() page: PageQuery): Promise<PicturePageDto> {
    return this.pictures.list(page);
  }

  /**
   * A hero or logo for campaigns: JPEG, PNG or WebP of at most 300 KB and 32 to 2048 pixels a side, as the body. The same picture again
   * is the one that is there. Everybody may see it under its `url`.
   */
  @Post()
  @RouteConfig({ imageBody: true })
  @ApiConsumes('image/jpeg', 'image/png', 'image/webp')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  keep(@CurrentOperator() operator: Operator, @Req() request: FastifyRequest): Promise<PictureDto> {
    return this.pictures.keep(rawBodyOf(request), operator.id);
  }
}

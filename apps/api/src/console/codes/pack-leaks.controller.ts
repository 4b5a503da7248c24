import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { PackLeaks } from '@app/codes';
import { UnitOfWork } from '@app/database';
import { regionWords } from '@app/regions';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { PageQuery } from '../../edge/page.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { CloseLeakDto, LeakScanPageDto, PackLeakPageDto, PackLeakQuery } from './pack-leaks.dto';

/** 码包泄露: honey codes were scanned, so the file of a pack is with somebody who should not have it. */
@ConsoleController('risk-clues/leaked-packs')
export class PackLeaksController {
  constructor(
    private readonly leaks: PackLeaks,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Scanned last first. */
  @Get()
  list(@Query() { state, ...query }: PackLeakQuery): Promise<PackLeakPageDto> {
    return this.leaks.page({ ...query, ...(state && { closed: state === 'closed' }) });
  }

  /** Who scanned, when and where. */
  @Get(':id/scans')
  async scans(@Param('id', IdPipe) id: number, @Query() query: PageQuery): Promise<LeakScanPageDto> {
    const { items, nextCursor } = await this.leaks.scans(id, query);
    const placed = items.map(({ adcode, ...scan }) => {
      return { ...scan, place: adcode === null ? '地点未知' : regionWords(adcode) };
    });
    return { items: placed, nextCursor };
  }

  /** Somebody looked into it; the next scan opens it again. */
  @Post(':id/close')
  @HttpCode(204)
  close(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { note }: CloseLeakDto,
  ): Promise<void> {
    return this.unitOfWork.run((tx) => this.leaks.close(tx, operator, id, note));
  }
}

import { Get, Param, Query } from '@nestjs/common';
import { ExplainScan } from '@app/scans';
import { ConsoleController } from './console-controller';
import { ScanExplanationDto, ScanQuery, ScanRowPageDto } from './scan-records.dto';

@ConsoleController('scans')
export class ScanRecordsController {
  constructor(private readonly scans: ExplainScan) {}

  @Get()
  list(@Query() { memberId, code, from, to, limit, cursor }: ScanQuery): Promise<ScanRowPageDto> {
    const filter = {
      ...(memberId !== undefined && { memberId }),
      ...(code !== undefined && { code }),
      ...(from !== undefined && { from: new Date(from) }),
      ...(to !== undefined && { to: new Date(to) }),
    };
    return this.scans.list(filter, { limit, cursor: cursor ?? null });
  }

  /** Why this scan got what it got, in Chinese. */
  @Get(':id/explanation')
  explanation(@Param('id') id: string): Promise<ScanExplanationDto> {
    return this.scans.run(id);
  }
}

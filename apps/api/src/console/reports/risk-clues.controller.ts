import { Get, Query } from '@nestjs/common';
import { RiskCluesModel } from '@app/analytics';
import { CodeBook, formatCode } from '@app/codes';
import { ConsoleController } from '../console-controller';
import { BusyMembersDto, BusyMembersQuery, RiskDayQuery, SharedCodesDto } from './risk-clues.dto';

/** 风险线索: what looks odd in the scans of a day, and where to look on. */
@ConsoleController('risk-clues')
export class RiskCluesController {
  constructor(
    private readonly clues: RiskCluesModel,
    private readonly codes: CodeBook,
  ) {}

  /** Who opened more bottles than people drink. */
  @Get('busy-members')
  async busyMembers(@Query() { day, atLeast }: BusyMembersQuery): Promise<BusyMembersDto> {
    return { items: await this.clues.busyMembers(day, atLeast) };
  }

  /** Codes that many people scanned. */
  @Get('shared-codes')
  async sharedCodes(@Query() { day }: RiskDayQuery): Promise<SharedCodesDto> {
    const items = (await this.clues.sharedCodes(day)).map(({ layer, serial, ...row }) => ({
      ...row,
      code: formatCode(this.codes.encode({ batch: row.batchId, layer, serial })),
    }));
    return { items };
  }
}

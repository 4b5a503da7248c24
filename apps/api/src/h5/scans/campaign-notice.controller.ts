import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CampaignNotices, DealProofs } from '@app/campaigns';
import { IdPipe } from '../../edge/id.pipe';
import type { CampaignNoticeDto, DealProofDto } from './campaign-notice.dto';

/** What the law wants everybody to be able to read of a campaign; nobody need be signed in. */
@ApiTags('h5')
@Controller('v1/h5/campaigns')
export class CampaignNoticeController {
  constructor(
    private readonly notices: CampaignNotices,
    private readonly proofs: DealProofs,
  ) {}

  /** 规则公示, told from the version that decides. */
  @Get(':id/notice')
  @Header('cache-control', 'public, max-age=30')
  notice(@Param('id', IdPipe) id: number): Promise<CampaignNoticeDto> {
    return this.notices.of(id);
  }

  /** Commitments of prizes that were dealt, and after the end the seeds, with how to recompute both. */
  @Get(':id/proof')
  @Header('cache-control', 'public, max-age=30')
  proof(@Param('id', IdPipe) id: number): Promise<DealProofDto> {
    return this.proofs.of(id);
  }
}

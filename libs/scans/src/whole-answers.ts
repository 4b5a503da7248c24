import { Injectable } from '@nestjs/common';
import { ToldStagesTexts } from './told-stages';
import { WornLooks } from './worn-looks';

/** What many answers say alike is kept once and named in each; here it comes together again. */
@Injectable()
export class WholeAnswers {
  constructor(
    private readonly looks: WornLooks,
    private readonly stages: ToldStagesTexts,
  ) {}

  /** JSON of a KeptAnswer in, JSON of a ScanAnswer out: the same bytes each time. */
  async of(kept: string): Promise<string> {
    return this.stages.fill(await this.looks.dress(kept));
  }
}

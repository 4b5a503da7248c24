import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CodeBook, ExportCodes, qrSheetHtml } from '@app/codes';
import { CONFIG, type Config } from '@app/config';
import { ExplainScan } from '@app/scans';
import type { DemoBrand } from './demo-brand';
import { LOGINS, type DemoLogin } from './demo-channel';
import { DemoTour, type TourStory } from './demo-tour';
import { FRESH_FROM, freshSerials } from './fresh-serials';

const SHEET_CODES = 24;
/** Behind them: bottles of the batch in which every prize was laid out beforehand. */
const DEALT_CODES = 8;

/** What the launcher prints. */
export interface DemoReport {
  readonly demoCode: string;
  readonly moreCodes: readonly string[];
  readonly qrSheetPath: string;
  readonly logins: readonly DemoLogin[];
  readonly tour: TourStory;
}

/** Codes that nobody has scanned yet, on a printable sheet. */
@Injectable()
export class DemoReporter {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly codeBook: CodeBook,
    private readonly exports: ExportCodes,
    private readonly scans: ExplainScan,
    private readonly tour: DemoTour,
  ) {}

  async run(brand: DemoBrand): Promise<DemoReport> {
    const { teas, forgottenBatchId } = brand;
    const [lime, peach, oolong] = teas;
    const first = await this.freshSerial(lime!.batchId);
    const code = (batch: number, serial: number): string => this.codeBook.encode({ batch, layer: 0, serial });
    const others = [peach!, oolong!].map(async ({ batchId }) => code(batchId, await this.freshSerial(batchId)));
    return {
      demoCode: code(lime!.batchId, first),
      moreCodes: [
        code(lime!.batchId, first + 1),
        ...(await Promise.all(others)),
        // The first bottle of the story: somebody else opened it.
        code(lime!.batchId, 0),
        code(forgottenBatchId, FRESH_FROM),
      ],
      qrSheetPath: await this.sheet(brand, first),
      logins: LOGINS.map(({ login, password, roles: [role] }) => ({ login, password, role })),
      tour: await this.tour.run(brand),
    };
  }

  private async freshSerial(batch: number): Promise<number> {
    return (await freshSerials(this.scans, this.codeBook, batch, 1))[0]!;
  }

  private async sheet({ teas: [lime], specials: { dealt } }: DemoBrand, from: number): Promise<string> {
    const layer = 0;
    const drawn = await this.exports.labels({ batchId: lime!.batchId, layer, from, to: from + SHEET_CODES });
    const first = (await freshSerials(this.scans, this.codeBook, dealt.batchId, 1, dealt.quantity / 2))[0]!;
    const laidOut = { batchId: dealt.batchId, layer, from: first, to: first + DEALT_CODES };
    const more = await this.exports.labels(laidOut);
    const path = join(this.config.http.dataDir, 'demo-qr-sheet.html');
    const title = `${drawn.title}、${more.title}`;
    const labels = [...drawn.labels, ...more.labels];
    writeFileSync(path, qrSheetHtml({ title, subtitle: `${drawn.subtitle}；${more.subtitle}`, labels, level: 'M' }));
    return path;
  }
}

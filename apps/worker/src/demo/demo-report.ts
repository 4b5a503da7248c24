import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CodeBook, ExportCodes, qrSheetHtml } from '@app/codes';
import { CONFIG, type Config } from '@app/config';
import { ExplainScan } from '@app/scans';
import { BATCH_QUANTITY, type DemoBrand } from './demo-brand';
import { LOGINS, type DemoLogin } from './demo-channel';

/** Where fresh bottles for newcomers begin; history stays below. */
const FRESH_FROM = BATCH_QUANTITY / 2;
const LOOK_AT_MOST = 400;
const SHEET_CODES = 24;

/** What the launcher prints. */
export interface DemoReport {
  readonly demoCode: string;
  readonly moreCodes: readonly string[];
  readonly qrSheetPath: string;
  readonly logins: readonly DemoLogin[];
}

/** Codes that nobody has scanned yet, on a printable sheet. */
@Injectable()
export class DemoReporter {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly codeBook: CodeBook,
    private readonly exports: ExportCodes,
    private readonly scans: ExplainScan,
  ) {}

  async run({ teas, forgottenBatchId }: DemoBrand): Promise<DemoReport> {
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
      qrSheetPath: await this.sheet(lime!.batchId, first),
      logins: LOGINS.map(({ login, password, roles: [role] }) => ({ login, password, role })),
    };
  }

  private async freshSerial(batch: number): Promise<number> {
    for (let serial = FRESH_FROM; serial < FRESH_FROM + LOOK_AT_MOST; serial++) {
      const code = this.codeBook.encode({ batch, layer: 0, serial });
      if ((await this.scans.list({ code }, { limit: 1 })).items.length === 0) return serial;
    }
    return FRESH_FROM + LOOK_AT_MOST;
  }

  private async sheet(batchId: number, from: number): Promise<string> {
    const labels = await this.exports.labels({ batchId, layer: 0, from, to: from + SHEET_CODES });
    const path = join(this.config.http.dataDir, 'demo-qr-sheet.html');
    writeFileSync(path, qrSheetHtml({ ...labels, level: 'M' }));
    return path;
  }
}

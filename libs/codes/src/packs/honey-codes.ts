import { Injectable } from '@nestjs/common';
import { Database, textOf, UnitOfWork } from '@app/database';
import { AuditLog, type Operator } from '@app/staff';
import { readPage, type Page } from '../batches/batch-list';
import { CodeBook } from '../text/code-book';
import { formatCode } from '../text/code-text';
import { CodePacksRepository, noSuchPack } from './code-packs.repository';
import { packFiles } from './pack-files';

/** The honey codes at the end of one file. */
export interface HoneyFile {
  /** Null for a pack that is not cut into rolls. */
  readonly roll: number | null;
  readonly file: string;
  readonly codes: readonly string[];
}

/**
 * 诱饵码, told: to look for them in what somebody offers for sale. Who knows them can leave them out, so it is told to few and each time is
 * written down.
 */
@Injectable()
export class HoneyCodes {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly packs: CodePacksRepository,
    private readonly book: CodeBook,
    private readonly audit: AuditLog,
  ) {}

  /** File by file. Rejected 404. */
  async page(
    operator: Operator,
    id: number,
    query: { limit: number; cursor?: string | null },
  ): Promise<Page<HoneyFile>> {
    const plan = await this.packs.plan(this.database, id);
    if (!plan) throw noSuchPack();
    if (plan.honeyFrom === null) return { items: [], nextCursor: null };
    const [at] = await this.database.query<{ batch: number; layer: number; key: Buffer }>(
      `SELECT k.batch_id AS batch, k.layer, b.key_char AS \`key\` FROM code_packs k JOIN code_batches b ON b.id = k.batch_id
        WHERE k.id = ?`,
      [id],
    );
    const { batch, layer, key } = at!;
    const { rows, nextCursor } = readPage(query, (first, end) => [...packFiles(plan, first, end)]);
    const items = rows.map(({ roll, name, honey }) => {
      const serials = Array.from({ length: honey.to - honey.from }, (_, i) => honey.from + i);
      const codes = serials.map((serial) => formatCode(this.book.encode({ batch, layer, serial }, textOf(key))));
      return { roll, file: name, codes };
    });
    const entry = { actorId: operator.id, act: 'codes.read-honey-codes', object: `code-pack:${id}` };
    await this.unitOfWork.run((tx) => this.audit.append(tx, { ...entry, after: { files: items.length } }));
    return { items, nextCursor };
  }
}

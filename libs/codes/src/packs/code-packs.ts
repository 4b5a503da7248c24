import { Injectable } from '@nestjs/common';
import { Rejected } from '@app/kernel';
import { Database, UnitOfWork, type Tx } from '@app/database';
import { AuditLog, type Operator } from '@app/staff';
import { cursorOf, type Page } from '../batches/batch-list';
import { fits } from '../batches/create-product';
import { ExportCodes } from '../printing/export-codes';
import { CodePacksRepository, type CodePack, type NewPack, type PackState } from './code-packs.repository';

/** A printer fetches once; a transfer that broke off may be tried again. */
export const MOST_PACK_DOWNLOADS = 5;
const USABLE_DAYS = 7;

/**
 * 码包: codes leave the house in numbers only when a second person agreed to exactly this range, this form and this receiver. Asked for →
 * approved or refused by somebody else, or withdrawn by who asked; approved ones are downloaded a few times within a week.
 */
@Injectable()
export class CodePacks {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly packs: CodePacksRepository,
    private readonly exports: ExportCodes,
    private readonly audit: AuditLog,
  ) {}

  /** Newest first. */
  async page(query: {
    limit: number;
    cursor?: string | null;
    batchId?: number;
    state?: PackState;
  }): Promise<Page<CodePack>> {
    const { limit, cursor, batchId, state } = query;
    const rows = await this.packs.page(this.database, { batchId, state }, cursorOf(cursor), limit + 1);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? String(items.at(-1)!.id) : null };
  }

  /** Rejected as `ExportCodes.open` rejects, and 422 for a receiver or note that does not fit. */
  async request(operator: Operator, pack: NewPack): Promise<{ id: number }> {
    const asked = { ...pack, receiver: pack.receiver.trim(), note: pack.note.trim() };
    if (!fits(asked.receiver, 64)) throw fault('receiver', '写明交给哪家印刷厂，1 到 64 个字');
    if (asked.note !== '' && !fits(asked.note, 200)) throw fault('note', '备注最多 200 个字');
    await this.exports.check(asked, operator);
    return this.unitOfWork.run(async (tx) => {
      const id = await this.packs.insert(tx, asked, operator.id);
      await this.record(tx, operator, 'codes.request-pack', id, { after: asked });
      return { id };
    });
  }

  /** The second person's yes. Rejected: 404, 403 the one who asked, 409 decided before. */
  approve(operator: Operator, id: number, note: string): Promise<void> {
    return this.decide(operator, id, 'approved', note);
  }

  /** The second person's no. */
  refuse(operator: Operator, id: number, note: string): Promise<void> {
    if (note.trim() === '') throw fault('note', '写明为什么不同意');
    return this.decide(operator, id, 'refused', note);
  }

  /** Who asked takes it back. */
  withdraw(operator: Operator, id: number): Promise<void> {
    return this.decide(operator, id, 'withdrawn', '');
  }

  /**
   * The file of an approved pack, as `ExportCodes.open` makes it, for who may export; counts as a download and is written down before
   * the first byte. Rejected 404, 409 `pack_unusable` for one that is not approved, is too old or was taken too often.
   */
  async open(operator: Operator, id: number): Promise<{ pack: CodePack; bytes: AsyncIterable<Buffer> }> {
    const pack = await this.known(id);
    const { batchId, layer, from, to, withSerial } = pack;
    const bytes = await this.exports.open({ batchId, layer, from, to, withSerial }, operator);
    await this.unitOfWork.run(async (tx) => {
      if (!(await this.packs.take(tx, id, MOST_PACK_DOWNLOADS))) {
        const words = `码包要先由另一个人同意，${USABLE_DAYS} 天内最多下载 ${MOST_PACK_DOWNLOADS} 次；这一个现在不能下载`;
        throw new Rejected('pack_unusable', words, 409, { state: pack.state, downloads: pack.downloads });
      }
      const after = { batchId, layer, from, to, withSerial, receiver: pack.receiver };
      await this.record(tx, operator, 'codes.download-pack', id, { after });
    });
    return { pack, bytes };
  }

  private async decide(
    operator: Operator,
    id: number,
    state: 'approved' | 'refused' | 'withdrawn',
    note: string,
  ): Promise<void> {
    if ([...note].length > 200) throw fault('note', '备注最多 200 个字');
    const { requestedBy } = await this.known(id);
    const own = requestedBy.id === operator.id;
    if (state === 'withdrawn' && !own) throw new Rejected('not_yours', '只有申请人可以撤回', 403);
    if (state !== 'withdrawn' && own) throw new Rejected('same_person', '申请人不能审批自己的申请', 403);
    const usableDays = state === 'approved' ? USABLE_DAYS : null;
    await this.unitOfWork.run(async (tx) => {
      const done = await this.packs.decide(tx, id, { state, by: operator.id, note: note.trim(), usableDays });
      if (!done) throw new Rejected('closed', '这份申请已经有结果了', 409);
      await this.record(tx, operator, `codes.pack-${state}`, id, note.trim() === '' ? {} : { reason: note.trim() });
    });
  }

  private async known(id: number): Promise<CodePack> {
    const pack = await this.packs.find(this.database, id);
    if (!pack) throw new Rejected('no_such_pack', '没有这个码包', 404);
    return pack;
  }

  private record(
    tx: Tx,
    operator: Operator,
    act: string,
    id: number,
    more: { after?: unknown; reason?: string },
  ): Promise<void> {
    return this.audit.append(tx, { actorId: operator.id, act, object: `code-pack:${id}`, ...more });
  }
}

function fault(field: string, message: string): Rejected {
  return new Rejected('bad_pack', message, 422, { field });
}

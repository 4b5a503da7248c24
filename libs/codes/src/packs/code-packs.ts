import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, sealedAt, Sealer, UnitOfWork, type Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { assertTwoPeople, AuditLog, type Operator } from '@app/staff';
import { cursorOf, type Page } from '../batches/batch-list';
import { fits } from '../batches/create-product';
import { ExportCodes } from '../printing/export-codes';
import {
  CodePacksRepository,
  type CodePack,
  type NewPack,
  type PackForm,
  type PackState,
} from './code-packs.repository';
import { newPassword, sealedArchive, type ArchivedFile } from './pack-archive';

/** A printer fetches once; a transfer that broke off may be tried again. */
export const MOST_PACK_DOWNLOADS = 5;
const USABLE_DAYS = 7;

/**
 * 码包: codes leave the house in numbers only when a second person agreed to exactly this range, this form and this receiver. Asked for →
 * approved or refused by somebody else, or withdrawn by who asked; approved ones are downloaded a few times within a week. Who asked gets
 * the sealed file and who agreed its password, once: neither of the two alone can read the codes, and the printer is told by both.
 */
@Injectable()
export class CodePacks {
  private readonly sealer: Sealer;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly packs: CodePacksRepository,
    private readonly exports: ExportCodes,
    private readonly audit: AuditLog,
  ) {
    this.sealer = Sealer.fromConfig(config);
  }

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

  /**
   * The second person's yes; answers with the password of a sealed pack, which is told here and never again. Rejected: 404, 403 for the one
   * who asked and for two accounts that may be one person (see assertTwoPeople), 409 decided before.
   */
  async approve(operator: Operator, id: number, note: string): Promise<{ password: string | null }> {
    const { form } = await this.known(id);
    const password = form === 'zip' ? newPassword() : null;
    await this.decide(operator, id, { state: 'approved', note, password });
    return { password };
  }

  /** The second person's no. */
  refuse(operator: Operator, id: number, note: string): Promise<void> {
    if (note.trim() === '') throw fault('note', '写明为什么不同意');
    return this.decide(operator, id, { state: 'refused', note });
  }

  /** Who asked takes it back. */
  withdraw(operator: Operator, id: number): Promise<void> {
    return this.decide(operator, id, { state: 'withdrawn', note: '' });
  }

  /**
   * The file of an approved pack, for who may export; counts as a download and is written down before the first byte. `csv` is what
   * `ExportCodes.open` makes; `zip` holds it as `codes.csv` beside `manifest.json` with its checksum. Rejected 404, 409 `pack_unusable` for
   * a pack that is not approved, is too old or was taken too often, 409 `pack_form` for one that goes out in the other form.
   */
  async open(
    operator: Operator,
    id: number,
    form: PackForm,
  ): Promise<{ pack: CodePack; bytes: AsyncIterable<Buffer> }> {
    const pack = await this.known(id);
    if (pack.form !== form) throw new Rejected('pack_form', '这个码包申请的是另一种文件', 409, { form: pack.form });
    const { batchId, layer, from, to, withSerial } = pack;
    const codes = await this.exports.open({ batchId, layer, from, to, withSerial }, operator);
    await this.unitOfWork.run(async (tx) => {
      if (!(await this.packs.take(tx, id, MOST_PACK_DOWNLOADS))) {
        const words = `码包要先由另一个人同意，${USABLE_DAYS} 天内最多下载 ${MOST_PACK_DOWNLOADS} 次；这一个现在不能下载`;
        throw new Rejected('pack_unusable', words, 409, { state: pack.state, downloads: pack.downloads });
      }
      const after = { batchId, layer, from, to, withSerial, form, receiver: pack.receiver };
      await this.record(tx, operator, 'codes.download-pack', id, { after });
    });
    return { pack, bytes: form === 'csv' ? codes : await this.sealed(pack, codes) };
  }

  private async sealed(pack: CodePack, content: AsyncIterable<Buffer>): Promise<AsyncIterable<Buffer>> {
    const sealed = await this.packs.passwordSealed(this.database, pack.id);
    if (sealed === null) throw new Defect('an approved pack without its password');
    const password = this.sealer.open(sealed, passwordPlace(pack.id));
    return sealedArchive({ name: 'codes.csv', content }, password, async (file) => {
      await this.unitOfWork.run((tx) => this.packs.keepChecksum(tx, pack.id, file.sha256));
      return manifestOf(pack, file);
    });
  }

  private async decide(operator: Operator, id: number, { state, note, password = null }: Decision): Promise<void> {
    if ([...note].length > 200) throw fault('note', '备注最多 200 个字');
    const { requestedBy } = await this.known(id);
    const own = requestedBy.id === operator.id;
    if (state === 'withdrawn' && !own) throw new Rejected('not_yours', '只有申请人可以撤回', 403);
    if (state === 'refused' && own) throw new Rejected('same_person', '申请人不能审批自己的申请', 403);
    const passwordSealed = password === null ? null : this.sealer.seal(password, passwordPlace(id));
    const usableDays = state === 'approved' ? USABLE_DAYS : null;
    await this.unitOfWork.run(async (tx) => {
      if (state === 'approved') await assertTwoPeople(tx, requestedBy.id, operator.id);
      const decision = { state, by: operator.id, note: note.trim(), usableDays, passwordSealed };
      if (!(await this.packs.decide(tx, id, decision))) throw new Rejected('closed', '这份申请已经有结果了', 409);
      await this.record(
        tx,
        operator,
        `codes.${VERBS[state]}-pack`,
        id,
        note.trim() === '' ? {} : { reason: note.trim() },
      );
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

interface Decision {
  readonly state: Exclude<PackState, 'requested'>;
  readonly note: string;
  readonly password?: string | null;
}

const VERBS = { approved: 'approve', refused: 'refuse', withdrawn: 'withdraw' } as const;

const passwordPlace = (id: number): string => sealedAt('code_packs', 'password_sealed', id);

/** What the printer checks the file against. */
function manifestOf(pack: CodePack, file: ArchivedFile): object {
  return {
    pack: pack.id,
    batch: { id: pack.batchId, name: pack.batchName },
    ...{ layer: pack.layer, from: pack.from, to: pack.to, codes: pack.to - pack.from },
    receiver: pack.receiver,
    ...{ requestedBy: pack.requestedBy.name, approvedBy: pack.decidedBy?.name ?? null, approvedAt: pack.decidedAt },
    files: [file],
  };
}

function fault(field: string, message: string): Rejected {
  return new Rejected('bad_pack', message, 422, { field });
}

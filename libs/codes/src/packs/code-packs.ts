import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, sealedAt, Sealer, UnitOfWork, type Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { assertTwoPeople, AuditLog, type Operator } from '@app/staff';
import { cursorOf, readPage, type Page } from '../batches/batch-list';
import { ExportCodes } from '../printing/export-codes';
import { CodePacksRepository, noSuchPack, type CodePack, type PackForm, type PackState } from './code-packs.repository';
import { newPassword, sealedArchive } from './pack-archive';
import { packFiles, type PackFile, type PackPlan } from './pack-files';
import { filesOf, manifestOf, type ManifestFile } from './pack-manifest';
import { fault, orderOf, type AskedPack } from './pack-order';
import { reserveHoney } from './reserve-honey';

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

  /** The rolls of a pack in order, with the checksums of those that were downloaded; none for one that is not cut. Rejected 404. */
  async rolls(id: number, query: { limit: number; cursor?: string | null }): Promise<Page<PackRoll>> {
    const plan = await this.packs.plan(this.database, id);
    if (!plan) throw noSuchPack();
    if (plan.rollSize === null) return { items: [], nextCursor: null };
    const { rows, nextCursor } = readPage(query, (first, end) => [...packFiles(plan, first, end)]);
    const checksums = await this.packs.checksums(this.database, id, rows);
    const items = rows.map(({ name, roll, from, to }) => {
      return { roll: roll!, file: name, from, to, sha256: checksums.get(roll!) ?? null };
    });
    return { items, nextCursor };
  }

  /**
   * Rejected as `ExportCodes.open` rejects, 422 for what `orderOf` refuses, 409 when there is no room for honey codes. They are reserved
   * here and nodes know them before anybody can agree.
   */
  async request(operator: Operator, asked: AskedPack): Promise<{ id: number }> {
    const order = orderOf(asked);
    await this.exports.check(order, operator);
    return this.unitOfWork.run(async (tx) => {
      const honeyFrom = await reserveHoney(tx, order);
      const id = await this.packs.insert(tx, { ...order, honeyFrom }, operator.id);
      await this.record(tx, operator, 'codes.request-pack', id, { after: order });
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
   * `ExportCodes.open` makes; `zip` holds `codes.csv`, or a file for each roll, beside `manifest.json` with their checksums. Rejected 404, 409 `pack_unusable` for
   * a pack that is not approved, is too old or was taken too often, 409 `pack_form` for one that goes out in the other form.
   */
  async open(
    operator: Operator,
    id: number,
    form: PackForm,
  ): Promise<{ pack: CodePack; bytes: AsyncIterable<Buffer> }> {
    const pack = await this.known(id);
    if (pack.form !== form) throw new Rejected('pack_form', '这个码包申请的是另一种文件', 409, { form: pack.form });
    const { batchId, layer, from, to, withSerial, rollSize } = pack;
    const range = { batchId, layer, from, to, withSerial };
    const partOf = await this.exports.parts(range, operator);
    await this.unitOfWork.run(async (tx) => {
      if (!(await this.packs.take(tx, id, MOST_PACK_DOWNLOADS))) {
        const words = `码包要先由另一个人同意，${USABLE_DAYS} 天内最多下载 ${MOST_PACK_DOWNLOADS} 次；这一个现在不能下载`;
        throw new Rejected('pack_unusable', words, 409, { state: pack.state, downloads: pack.downloads });
      }
      const after = { ...range, rollSize, form, receiver: pack.receiver };
      await this.record(tx, operator, 'codes.download-pack', id, { after });
    });
    return { pack, bytes: form === 'csv' ? partOf({ from, to }) : await this.sealed(pack, partOf) };
  }

  private async sealed(
    pack: CodePack,
    partOf: (file: PackFile) => AsyncIterable<Buffer>,
  ): Promise<AsyncIterable<Buffer>> {
    const sealed = await this.packs.passwordSealed(this.database, pack.id);
    const plan = await this.packs.plan(this.database, pack.id);
    if (sealed === null || plan === null) throw new Defect('an approved pack without its password');
    const password = this.sealer.open(sealed, passwordPlace(pack.id));
    return sealedArchive(contentOf(plan, partOf), password, async (archived) => {
      const files = filesOf(plan, archived);
      await this.unitOfWork.run((tx) => this.packs.keepChecksum(tx, pack.id, archived.sha256));
      await this.keepRolls(pack.id, files);
      return manifestOf(pack, files);
    });
  }

  /** By the first whole download; a second one at the same moment tells the same. */
  private async keepRolls(id: number, files: readonly ManifestFile[]): Promise<void> {
    const rolls = files.flatMap((file) => (file.roll === null ? [] : [{ ...file, roll: file.roll }]));
    if (rolls.length > 0) await this.unitOfWork.run((tx) => this.packs.keepFiles(tx, id, rolls));
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
    if (!pack) throw noSuchPack();
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

function* contentOf(plan: PackPlan, partOf: (file: PackFile) => AsyncIterable<Buffer>) {
  for (const file of packFiles(plan)) yield { name: file.name, content: () => partOf(file) };
}

/** 卷: one file of a pack. */
export interface PackRoll {
  readonly roll: number;
  readonly file: string;
  readonly from: number;
  /** Not included. */
  readonly to: number;
  /** Of the file as it was downloaded, hexadecimal; null = not yet. */
  readonly sha256: string | null;
}

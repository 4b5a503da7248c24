import { Rejected } from '@app/kernel';
import { fits } from '../batches/create-product';
import type { NewPack } from './code-packs.repository';
import { fileCount, MOST_HONEY, MOST_ROLL_NO, MOST_ROLLS, USUAL_HONEY } from './pack-files';

type Cut = 'rollSize' | 'firstRoll' | 'honeyPerFile';

/** What somebody asks for; what is left out is usual. */
export type AskedPack = Omit<NewPack, Cut | 'honeyFrom'> & {
  readonly rollSize?: number | null;
  readonly firstRoll?: number;
  readonly honeyPerFile?: number;
};

/** Everything about a new pack but where its honey codes lie. */
export type PackOrder = Omit<NewPack, 'honeyFrom'>;

/**
 * Pure: the order in full. Only a sealed pack is cut into rolls and carries honey codes: its manifest says how many codes of each file are
 * printed, while a machine that is fed a bare CSV prints all of it. A file with serials has none either, because a serial past the end of
 * the batch would give them away. Throws Rejected (422).
 */
export function orderOf(asked: AskedPack): PackOrder {
  const receiver = asked.receiver.trim();
  const note = asked.note.trim();
  const rollSize = asked.rollSize ?? null;
  const bare = asked.form === 'csv';
  const firstRoll = rollSize === null ? 1 : (asked.firstRoll ?? 1);
  const honeyPerFile = asked.honeyPerFile ?? (bare || asked.withSerial ? 0 : USUAL_HONEY);
  if (!fits(receiver, 64)) throw fault('receiver', '写明交给哪家印刷厂，1 到 64 个字');
  if (note !== '' && !fits(note, 200)) throw fault('note', '备注最多 200 个字');
  if (!isWhole(honeyPerFile, 0, MOST_HONEY)) throw fault('honeyPerFile', `每个文件最多 ${MOST_HONEY} 个诱饵码`);
  if (honeyPerFile > 0 && bare) throw fault('honeyPerFile', '不加密的 CSV 会被喷码设备整份印出来，不能放诱饵码');
  if (honeyPerFile > 0 && asked.withSerial) throw fault('honeyPerFile', '带序号列的码包不能放诱饵码：看序号就认得出来');
  if (rollSize !== null && bare) throw fault('rollSize', '按卷分文件要用加密压缩包');
  const order = { ...asked, receiver, note, rollSize, firstRoll, honeyPerFile };
  if (rollSize !== null) assertRolls(order, rollSize);
  return order;
}

function assertRolls(order: PackOrder, rollSize: number): void {
  if (!isWhole(rollSize, 1, 2 ** 30)) throw fault('rollSize', '每卷个数要是大于 0 的整数');
  const rolls = fileCount(order);
  if (rolls > MOST_ROLLS) throw fault('rollSize', `这样会分成 ${rolls} 卷；一个码包最多 ${MOST_ROLLS} 卷`);
  if (!isWhole(order.firstRoll, 1, MOST_ROLL_NO - rolls + 1)) {
    throw fault('firstRoll', `卷号要在 1 到 ${MOST_ROLL_NO} 之间，最后一卷也是`);
  }
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

export function fault(field: string, message: string): Rejected {
  return new Rejected('bad_pack', message, 422, { field });
}

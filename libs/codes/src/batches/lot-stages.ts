import { Injectable } from '@nestjs/common';
import { Rejected } from '@app/kernel';
import { placeholders, UnitOfWork, type Reader } from '@app/database';
import { timeOf, type Act } from './act';
import { fits } from './create-product';
import { isDay } from './bind-lot';

/** 溯源: one thing that happened to a production lot on its way, as drinkers read it. */
export interface LotStage {
  /** 采茶, 灌装 … */
  readonly name: string;
  /** Shanghai day, `YYYY-MM-DD`. */
  readonly at: string;
  readonly place: string;
  /** One more sentence. */
  readonly detail: string | null;
}

/** Every answer to a scan of the lot carries them, so they are few and short. */
export const MOST_STAGES = 8;
export const STAGE_LENGTHS = { name: 12, place: 32, detail: 60 } as const;

/** A list of stages as it was told from some moment on; never changed, but followed by another. */
export interface ToldStages {
  /** Null with an empty list: nothing was ever told. */
  readonly stagesId: number | null;
  readonly stages: readonly LotStage[];
}

/** Says what became of a production lot: the whole list each time, in the order in which it happened. */
@Injectable()
export class SetLotStages {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Every batch that carries the lot is read anew by all nodes. Returns the list as it is kept. Throws Rejected: 404 `no_such_lot`, 422
   * `bad_stages` naming the field, e.g. `stages.2.at`.
   */
  async run(lotId: number, stages: readonly LotStage[], act: Act): Promise<ToldStages> {
    const kept = cleaned(stages);
    return this.unitOfWork.run(async (tx) => {
      // Bindings take the same lock before they name a batch: none can come up between the two statements below.
      const [lot] = await tx.query('SELECT id FROM production_lots WHERE id = ? FOR UPDATE', [lotId]);
      if (lot === undefined) throw new Rejected('no_such_lot', '没有这个生产批次', 404, { lot: lotId });
      const { insertId: stagesId } = await tx.execute(
        'INSERT INTO lot_stages (lot_id, stages, created_by, created_at) VALUES (?, ?, ?, ?)',
        [lotId, JSON.stringify(kept), act.by, await timeOf(tx, act)],
      );
      await tx.execute('UPDATE production_lots SET stages_id = ? WHERE id = ?', [stagesId, lotId]);
      const batches = await tx.query<{ id: number }>(
        'SELECT DISTINCT batch_id AS id FROM lot_bindings WHERE lot_id = ? ORDER BY batch_id',
        [lotId],
      );
      const ids = batches.map(({ id }) => id);
      if (ids.length > 0) {
        await tx.execute(`UPDATE code_batches SET epoch = epoch + 1 WHERE id IN (${placeholders(ids)})`, ids);
      }
      return { stagesId, stages: kept };
    });
  }
}

/** Joined to `production_lots l`: `stagesId` and `stages` for `toldStages`. */
export const STAGES_JOIN = 'LEFT JOIN lot_stages g ON g.id = l.stages_id';

export function toldStages({ stagesId, stages }: { stagesId: number | null; stages: string | null }): ToldStages {
  return { stagesId, stages: stages === null ? [] : (JSON.parse(stages) as LotStage[]) };
}

/** The JSON text of a list that was told once; null for a number that is none. */
export async function readStagesText(reader: Reader, stagesId: number): Promise<string | null> {
  const [row] = await reader.query<{ stages: string }>('SELECT stages FROM lot_stages WHERE id = ?', [stagesId]);
  return row?.stages ?? null;
}

function cleaned(stages: readonly LotStage[]): LotStage[] {
  if (stages.length > MOST_STAGES) throw fault('stages', `溯源环节最多 ${MOST_STAGES} 个`);
  return stages.map(({ name, at, place, detail }, index) => {
    const of = (field: string): string => `stages.${index}.${field}`;
    const nth = `第 ${index + 1} 个环节`;
    if (!fits(name, STAGE_LENGTHS.name)) throw fault(of('name'), `${nth}的名称要有 1 到 ${STAGE_LENGTHS.name} 个字`);
    if (!isDay(at)) throw fault(of('at'), `${nth}的日期应写成 YYYY-MM-DD`);
    const before = stages[index - 1];
    if (before && at < before.at) throw fault(of('at'), `${nth}早于前一个环节，请按先后排列`);
    if (!fits(place, STAGE_LENGTHS.place))
      throw fault(of('place'), `${nth}的地点要有 1 到 ${STAGE_LENGTHS.place} 个字`);
    const told = detail === null || detail.trim() === '' ? null : detail;
    if (told !== null && !fits(told, STAGE_LENGTHS.detail)) {
      throw fault(of('detail'), `${nth}的说明最多 ${STAGE_LENGTHS.detail} 个字`);
    }
    return { name: name.trim(), at, place: place.trim(), detail: told?.trim() ?? null };
  });
}

function fault(field: string, message: string): Rejected {
  return new Rejected('bad_stages', message, 422, { field });
}

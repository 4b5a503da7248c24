import { answer, client, type Schemas } from '../api';
import { ask } from '../kit/ask';
import { toast } from '../kit/toast';
import { count } from '../words';

const THEN = [
  '从下一次扫码起，不再提醒「请先别喝」。',
  '每个码回到召回以前的状态：原来启用的立刻能派奖，原来冻结或作废的照旧。',
];

/** True when the recall of the picked codes was ended. */
export async function endRangeRecall(
  batchId: number,
  layer: Schemas['BatchLayerDto'],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<boolean> {
  let ended: Schemas['RecallEndedDto'] | null = null;
  const done = await ask({
    title: `结束这一段${layer.name}的召回`,
    consequence: [`序号 ${count(from)} 到 ${count(to - 1)}（含）里正在召回的码。`, ...THEN],
    ...{ verb: '结束召回', tone: 'primary', reason: 'required', reasonLabel: '为什么可以喝了' },
    act: async (reason) => {
      const asked = { params: { path: { id: batchId } }, body: { layer: layer.layer, from, to, reason } };
      ended = await answer(client.POST('/v1/console/code-batches/{id}/segments/end-recall', asked));
    },
  });
  return told(done !== null, ended);
}

/** The same for everything that goes with a production lot. */
export async function endLotRecall(id: number, lotNo: string): Promise<boolean> {
  let ended: Schemas['RecallEndedDto'] | null = null;
  const done = await ask({
    title: `结束生产批次 ${lotNo} 的召回`,
    consequence: ['绑在这个生产批次上、正在召回的所有码，不论哪个码批次、哪一层。', ...THEN],
    ...{ verb: '结束召回', tone: 'primary', reason: 'required', reasonLabel: '为什么可以喝了' },
    act: async (reason) => {
      const asked = { params: { path: { id } }, body: { reason } };
      ended = await answer(client.POST('/v1/console/lots/{id}/end-recall', asked));
    },
  });
  return told(done !== null, ended);
}

function told(done: boolean, ended: Schemas['RecallEndedDto'] | null): boolean {
  if (!done || !ended) return false;
  toast.done(`${count(ended.codes)} 个码不再召回，其中 ${count(ended.active)} 个已启用`);
  return true;
}

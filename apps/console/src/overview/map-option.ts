import type { ChartOption } from '../kit/chart.vue';
import { count, yuan } from '../words';
import { mapName, type MapPlace } from '../kit/map-files';

export interface MapRow {
  readonly adcode: number | null;
  readonly name: string;
  readonly scans: number;
  readonly opened: number;
  readonly wins: number;
  readonly awardedFen: number;
}

/** How a map is painted: on paper, or on the ink of the big screen. */
export interface MapPaint {
  readonly steps: readonly string[];
  readonly land: string;
  readonly line: string;
  readonly text: string;
  readonly card: string;
  readonly pulse: string;
}

export interface MapDrawing {
  readonly province: number | null;
  readonly places: readonly MapPlace[];
  readonly rows: readonly MapRow[];
  /** Drawn with a border of its own. */
  readonly chosen: number | null;
  /** How large the country is drawn, of the smaller side. */
  readonly size: string;
  /** Points where something just happened. */
  readonly pulses: readonly (readonly [number, number])[];
}

/** Scans by place, coloured by quantiles; where one was made a moment ago, a ring opens. */
export function mapOption({ province, places, rows, chosen, size, pulses }: MapDrawing, paint: MapPaint): ChartOption {
  const data = places.flatMap(({ name, adcode }) => {
    const row = rows.find((one) => one.adcode !== null && one.adcode === adcode);
    return row ? [{ name, value: row.scans, row }] : [];
  });
  const layout = { layoutCenter: ['50%', '52%'], layoutSize: province === null ? size : '96%', aspectScale: 0.8 };
  const picked = places.filter(({ adcode }) => adcode !== null && adcode === chosen).map(({ name }) => name);
  const land = { areaColor: paint.land, borderColor: paint.line, borderWidth: 0.8 };
  return {
    tooltip: {
      trigger: 'item',
      backgroundColor: paint.card,
      borderColor: paint.line,
      textStyle: { color: paint.text },
      formatter: (shown) => hover(shown as { name: string; data?: { row?: MapRow } }),
    },
    visualMap: {
      ...{ type: 'piecewise', show: false, seriesIndex: 0, outOfRange: { color: paint.land } },
      pieces: quantiles(
        data.map(({ value }) => value),
        paint.steps,
      ),
    },
    geo: {
      ...{ map: mapName(province), roam: false, ...layout, itemStyle: land, selectedMode: false },
      regions: picked.map((name) => ({ name, itemStyle: { borderColor: paint.text, borderWidth: 2 } })),
      label: {
        show: province !== null,
        fontSize: 11,
        color: paint.text,
        textBorderColor: paint.card,
        textBorderWidth: 2,
      },
      emphasis: {
        label: { show: true, color: paint.text },
        itemStyle: { areaColor: undefined, borderColor: paint.text },
      },
    },
    series: [
      { type: 'map', map: mapName(province), geoIndex: 0, data },
      {
        type: 'effectScatter',
        coordinateSystem: 'geo',
        data: pulses.map((point) => [...point]),
        symbolSize: 7,
        silent: true,
        rippleEffect: { scale: 5, brushType: 'stroke', period: 2.4 },
        itemStyle: { color: paint.pulse },
        zlevel: 1,
      },
    ],
  };
}

function hover({ name, data }: { name: string; data?: { row?: MapRow } }): string {
  const row = data?.row;
  if (!row) return `${name}<br>还没有扫码`;
  return `<b>${name}</b><br>扫码 ${count(row.scans)}<br>开瓶 ${count(row.opened)}<br>中奖 ${count(row.wins)}<br>奖金 ${yuan(row.awardedFen)} 元`;
}

/** Steps with as many places in each as can be; equal values are never told apart. */
function quantiles(
  values: readonly number[],
  steps: readonly string[],
): { gte?: number; lt?: number; color: string }[] {
  const sorted = [...values].sort((a, b) => a - b);
  const bounds = Array.from(
    { length: steps.length - 1 },
    (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / steps.length)] ?? 0,
  );
  const edges = [...new Set(bounds)];
  return [...edges, Infinity].map((to, at) => ({
    ...(at > 0 && { gte: edges[at - 1]! }),
    ...(to !== Infinity && { lt: to }),
    color: steps[Math.min(at, steps.length - 1)]!,
  }));
}

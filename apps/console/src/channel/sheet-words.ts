import type { Schemas } from '../api';
import { thisMonth } from './months';

type Sheet = Pick<Schemas['SheetSummaryDto'], 'month' | 'sheet' | 'openingUnits' | 'redeemedUnits'>;
type Standing = { tone: 'good' | 'wait' | 'info' | 'none'; text: string };

/** Where a month's sheet is between the two sides. */
export function sheetState({ month, sheet, openingUnits, redeemedUnits }: Sheet): Standing {
  if (sheet?.closedAt) return { tone: 'good', text: '双方已确认' };
  if (month >= thisMonth()) return { tone: 'none', text: '进行中' };
  if (sheet?.hqAt) return { tone: 'wait', text: '待经销商确认' };
  if (sheet?.distributorAt) return { tone: 'wait', text: '待总部确认' };
  return openingUnits + redeemedUnits === 0 ? { tone: 'none', text: '没有往来' } : { tone: 'info', text: '待对账' };
}

export const CREDIT_WORDS = { goods: '补货', money: '付款', refused: '不予认可' } as const;
export const SIDE_WORDS = { hq: '总部', distributor: '经销商' } as const;

import { AskDecision } from './ask-decision';
import { AskWechat } from './ask-wechat';
import { CarryOutDecision } from './carry-out-decision';
import { DecideMoney } from './decide-money';
import { DecisionList } from './decision-list';
import { MoneyCases } from './money-cases';
import { CloseCase, WorkOnCase } from './work-on-case';

/** What people do about money, for the console. */
export const CASES_DOOR = [AskDecision, AskWechat, CloseCase, DecideMoney, DecisionList, MoneyCases, WorkOnCase];

export const CASES_ROOMS = [CarryOutDecision];

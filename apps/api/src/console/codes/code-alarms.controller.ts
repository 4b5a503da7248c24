import { Get, Query } from '@nestjs/common';
import { CodeAlarms } from '@app/scans';
import { CodeAlarmListDto, CodeAlarmQuery } from './code-alarms.dto';
import { ConsoleController } from '../console-controller';

/** 未启用码告警. What to do about one is a segment: `POST /v1/console/code-batches/{id}/segments`. */
@ConsoleController('code-alarms')
export class CodeAlarmsController {
  constructor(private readonly alarms: CodeAlarms) {}

  @Get()
  async list(@Query() { days }: CodeAlarmQuery): Promise<CodeAlarmListDto> {
    return { items: await this.alarms.list(days) };
  }
}

import { Controller, Post, Req, Res } from '@nestjs/common';
import { ApiBadRequestResponse, ApiBody, ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatCode, parseCode } from '@app/codes';
import { Rejected, type ScanId } from '@app/kernel';
import { ScanCode, type ScanAnswer, type ScanOutcome } from '@app/scans';
import { ClientAddress } from '../../edge/client-address';
import { MemberSession } from '../sign-in/member-session';
import { readScan } from './read-scan';
import { ScanAnswerDto } from './scan-answer.dto';
import { ScanLimits } from './scan-limits';
import { ScanDto } from './scan.dto';

/** The busiest route: no pipe, no serializer, the answer is the stored text as it is. */
@ApiTags('h5')
@Controller('v1/h5/scans')
export class ScansController {
  constructor(
    private readonly session: MemberSession,
    private readonly addresses: ClientAddress,
    private readonly limits: ScanLimits,
    private readonly scanCode: ScanCode,
  ) {}

  /** One scan. The same scanId again gets the same answer, byte for byte. */
  @Post()
  @ApiBody({ type: ScanDto })
  @ApiOkResponse({ type: ScanAnswerDto })
  @ApiNotFoundResponse({ type: ScanAnswerDto, description: 'Well-formed, but not one of our codes' })
  @ApiBadRequestResponse({ description: '`malformed_code` or a body that breaks its rules' })
  async scan(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const member = this.session.require(request);
    const { scanId, code, location, withoutLocation } = readScan(request.body);
    const ip = this.addresses.of(request);
    this.limits.admit(member, ip);
    const input = { member, scanId: scanId as ScanId, code, ip, location, withoutLocation };
    this.answer(reply, await this.scanCode.run(input), scanId, ip);
  }

  private answer(reply: FastifyReply, outcome: ScanOutcome, scanId: string, ip: string | null): void {
    switch (outcome.kind) {
      case 'answered':
        return void json(reply, 200).send(outcome.answer);
      case 'unknown':
        this.limits.miss('forged', ip);
        return void json(reply, 404).send(JSON.stringify(notOurs(scanId, outcome.code)));
      case 'malformed':
        this.limits.miss('malformed', ip);
        throw new Rejected('malformed_code', '这不是一个完整的码，请对着瓶身再核对一遍', 400);
      case 'conflict':
        throw new Rejected('scan_id_used', '这次扫码的编号已经用过了，请重新扫一次', 409);
    }
  }
}

function json(reply: FastifyReply, status: number): FastifyReply {
  return reply
    .status(status)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store');
}

/** Nothing is stored of a code that is not ours; the answer has the shape of every other one. */
function notOurs(scanId: string, code: string): ScanAnswer {
  const text = parseCode(code);
  return {
    scanId,
    code: text === null ? code : formatCode(text),
    verdict: 'unknown',
    repeat: null,
    product: null,
    reward: null,
    opened: [],
    refusal: null,
    scannedAt: new Date().toISOString(),
    look: null,
  };
}

import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { XMLParser } from 'fast-xml-parser';
import type { FastifyRequest } from 'fastify';
import type { Answer, FailureKind, Wire } from '../control/exchange';
import { V2_ERRORS } from './error-codes';

export type Fields = Record<string, string>;

// Entities and DTDs stay off: a merchant's XML needs none, and they are how XML readers get attacked.
const parser = new XMLParser({
  ignoreDeclaration: true,
  parseTagValue: false,
  processEntities: false,
  trimValues: true,
});

/** The flat `<xml>` document of a v2 request, or undefined when it is not one. */
export function readXml(text: string): Fields | undefined {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return undefined;
  let root: unknown;
  try {
    root = (parser.parse(text, true) as { xml?: unknown }).xml;
  } catch {
    return undefined;
  }
  if (typeof root !== 'object' || root === null) return undefined;
  const fields: Fields = {};
  for (const [name, value] of Object.entries(root)) {
    if (typeof value !== 'string') return undefined;
    fields[name] = unescapeXml(value);
  }
  return fields;
}

function unescapeXml(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => named[name] ?? whole);
}

export function writeXml(fields: Record<string, string | number | undefined>): string {
  const tags = Object.entries(fields).filter(([, value]) => value !== undefined);
  return `<xml>\n${tags.map(([name, value]) => `<${name}>${cdata(String(value))}</${name}>`).join('\n')}\n</xml>`;
}

function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** The MD5 signature of v2: non-empty fields but `sign`, in ASCII order of their names, then the key. */
export function md5Sign(fields: Fields, apiV2Key: string): string {
  const pairs = Object.keys(fields)
    .filter((name) => name !== 'sign' && fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name]}`);
  return createHash('md5')
    .update(`${pairs.join('&')}&key=${apiV2Key}`, 'utf8')
    .digest('hex')
    .toUpperCase();
}

/**
 * The merchant number on the client certificate, or undefined without a good one. `authorized` alone proves nothing: a resumed TLS session says `true` with an
 * empty certificate, so the name has to be there too.
 */
export function certifiedMerchant(request: FastifyRequest): string | undefined {
  const socket = request.raw.socket as TLSSocket;
  if (!socket.authorized) return undefined;
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

export interface V2Failure {
  /** Failures before the business began (certificate, signature, XML) say so in return_code too. */
  transport?: boolean;
  code: string;
  message: string;
}

const FAILURES: Record<FailureKind, V2Failure> = {
  system_error: { code: 'SYSTEMERROR', message: '请求已受理，请稍后使用原单号查询发放结果' },
  not_enough: { code: 'NOTENOUGH', message: '帐号余额不足，请到商户平台充值后再重试' },
  rate_limited: { code: 'FREQ_LIMIT', message: '超过频率限制，请稍后再试' },
  unknown_code: { code: 'NEW_CODE_NOBODY_KNOWS', message: '暂时无法处理' },
  not_found: { code: 'NOT_FOUND', message: '指定单号数据不存在' },
};

/** Words v2 answers. sendredpack and gethbinfo answers carry no signature: the caller has only TLS to trust. */
export class V2Wire implements Wire {
  answer(fields: Record<string, string | number | undefined>): Answer {
    return xml({ return_code: 'SUCCESS', return_msg: 'OK', result_code: 'SUCCESS', ...fields });
  }

  refuse({ transport, code, message }: V2Failure, echo: Record<string, string | undefined> = {}): Answer {
    return xml({
      return_code: transport === true ? 'FAIL' : 'SUCCESS',
      return_msg: message,
      result_code: 'FAIL',
      err_code: code,
      err_code_des: message,
      ...echo,
    });
  }

  failure(kind: FailureKind, code?: string): Answer {
    const failure = FAILURES[kind];
    return this.refuse(code === undefined ? failure : { ...failure, code });
  }

  refuseWith(code: string): Answer {
    if (code === 'RETURN_FAIL') return xml({ return_code: 'FAIL', return_msg: '系统繁忙，请稍后再试' });
    return this.refuse({ code, message: V2_ERRORS[code] ?? '暂时无法处理' });
  }

  seal(answer: Answer): Answer {
    return answer;
  }
}

function xml(fields: Record<string, string | number | undefined>): Answer {
  return { status: 200, body: writeXml(fields), headers: { 'content-type': 'text/xml; charset=utf-8' } };
}

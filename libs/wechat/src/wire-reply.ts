/**
 * Why no usable answer came. `unverified`: an answer came, but nobody can say that WeChat Pay wrote it. `expired`: our certificate, or the
 * platform's that would verify the answer, has ended, so nothing was sent.
 */
export type SilenceCause =
  'timeout' | 'refused' | 'unreachable' | 'tls' | 'reset' | 'unreadable' | 'unverified' | 'expired';

/** What one exchange with WeChat Pay brought, before anybody interprets it. Never thrown. */
export type WireReply =
  | {
      readonly noReply: false;
      readonly httpStatus: number;
      /** v3: `code` of an error body, null on 2xx. v2: `err_code` of a business failure, `RETURN_FAIL` of a transport failure, else null. */
      readonly code: string | null;
      readonly body: Readonly<Record<string, unknown>>;
      /** For the evidence column: no openid, no package, at most 2,000 characters. */
      readonly raw: string;
    }
  | {
      readonly noReply: true;
      readonly cause: SilenceCause;
      /** True only when no byte of the request can have reached WeChat Pay. */
      readonly provablyNotSent: boolean;
      readonly raw: string;
    };

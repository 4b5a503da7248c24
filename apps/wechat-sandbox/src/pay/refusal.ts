/** A v3 answer that is not a success: HTTP status, code and message as WECHAT Pay words them. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
  detail?: object;
}

export function refusal(status: number, code: string, message: string): Refusal {
  return { status, code, message };
}

export function isRefusal(value: object): value is Refusal {
  return 'status' in value && 'code' in value;
}

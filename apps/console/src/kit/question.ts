/** A step that has consequences, as somebody is asked before it is taken. */
export interface Question {
  readonly title: string;
  /** What happens then, in sentences: each string a line of its own. */
  readonly consequence: string | readonly string[];
  /** What the button says: a verb, not 确定. */
  readonly verb: string;
  /** `danger` for what cannot be taken back. */
  readonly tone?: 'primary' | 'danger';
  readonly reason?: 'none' | 'optional' | 'required';
  readonly reasonLabel?: string;
  /** Done while the dialog stays, with the reason (trimmed). When it throws, the dialog shows the server's words and stays open. */
  readonly act?: (reason: string) => Promise<unknown>;
}

declare const scopeBrand: unique symbol;

/**
 * Whose rows a read may see. A required argument of everything that serves a console, so that a read without one does not
 * compile. The brand is not exported: only `issueScope` makes one, and only `staff` (from an operator) may call that.
 */
export type Scope = (
  { readonly kind: 'national' } | { readonly kind: 'distributor'; readonly distributorId: number }
) & { readonly [scopeBrand]: true };

/** For `staff` alone: the scope of somebody whose rights were checked. */
export function issueScope(grant: { kind: 'national' } | { kind: 'distributor'; distributorId: number }): Scope {
  return Object.freeze({ ...grant }) as Scope;
}

/** States of pages that a journey has to make first; `made.spec.ts` looks at them. */
export const MADE = [
  'no-such-school',
  'no-such-page',
  'no-such-page-here',
  'operator-refused',
  'operator-made',
  'operator-suspended',
  'operator-factor-wrong',
  'operator-factor-recovery',
  'operator-factor-asked',
  'factor-needed',
  'factor-set-up',
  'factor-wrong',
  'factor-recovery',
  'import-columns',
  'import-stopped',
  'import-resumed',
  'import-unreadable',
  'majors-open',
  'handover-offer',
  'handover-returned',
  'assign-sheet',
  'assign-sheet-waiting',
  'export-ready',
  'reveal-shown',
  'code-shown',
] as const;

/** One of them. */
export type Made = (typeof MADE)[number];

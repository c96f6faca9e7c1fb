import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { setting } from './university';
import { Visitor } from './visitor';

/** An account of the demonstration. */
export type Account = { tenant: string; role: string; login: string; password: string };

/** The accounts that `xj demo` printed. */
export function accounts(): Account[] {
  return readFileSync(setting('XJ_E2E_DEMO'), 'utf8')
    .split('\n')
    .map((line) => line.split('\t'))
    .filter((fields) => fields.length === 4)
    .map(([tenant = '', role = '', login = '', password = '']) => ({ tenant, role, login, password }));
}

/** The account of a university's demonstration with this login, or whose role begins or is worded so. */
export function account(tenant: string, start: string | RegExp): Account {
  const fits = (a: Account): boolean =>
    typeof start === 'string' ? a.login === start || a.role.startsWith(start) : start.test(a.role);
  const found = accounts().find((a) => a.tenant === tenant && fits(a));
  if (found === undefined) {
    throw new Error(`the demonstration has no account ${tenant} ${String(start)}`);
  }
  return found;
}

/** The cohort that is about to arrive in a university's demonstration: it follows the year in which it was made. */
export function arrivingCohort(tenant: string): number {
  const { role } = account(tenant, /待报到/);
  const year = Number(/(\d{4})级/.exec(role)?.[1]);
  if (!Number.isInteger(year)) {
    throw new Error(`no cohort in ${role}`);
  }
  return year;
}

const seats = new Map<Account['login'], Visitor>();

/**
 * Signs an account of the demonstration in and seats the page's browser on it. One session serves all journeys until one of
 * them changes it: a password given again gives it another id.
 */
export async function sit(page: Page, who: Account): Promise<void> {
  const key = `${who.tenant}/${who.login}`;
  const operator = who.tenant === 'operator';
  const own = operator ? '/operator/tenants' : `/${who.tenant}/account`;
  let visitor = seats.get(key);
  if (visitor === undefined || !(await visitor.shown(own))) {
    visitor = new Visitor(setting('XJ_E2E_URL'), who.tenant);
    const action = operator ? '/api/operator/sign-in' : '/api/institution/sign-in';
    await visitor.post(action, { login: who.login, password: who.password });
    seats.set(key, visitor);
  }
  await page.context().addCookies(visitor.cookies());
}

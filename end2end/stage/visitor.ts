/** A part of a form: text, or a file with its name. */
export type Part = string | { name: string; content: Buffer };

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };

/** Text of markup. */
export function plain(markup: string): string {
  return markup.replace(/&([a-z]+|#\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

/** The hidden fields of each form of a page that posts to `action`. */
export function forms(html: string, action: string): Record<string, string>[] {
  const found = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)];
  return found
    .filter(([, head]) => plain(head ?? '').includes(`action="${action}"`))
    .map(([, , body]) => {
      const fields: Record<string, string> = {};
      for (const [tag] of (body ?? '').matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)) {
        const name = /name="([^"]*)"/.exec(tag)?.[1];
        if (name !== undefined) {
          fields[plain(name)] = plain(/value="([^"]*)"/.exec(tag)?.[1] ?? '');
        }
      }
      return fields;
    });
}

/** Somebody who uses the pages by their plain forms, faster than a browser: sets the stage. */
export class Visitor {
  #cookies = new Map<string, string>();

  constructor(
    readonly address: string,
    readonly slug: string,
  ) {}

  /** Cookies, as a browser context takes them. */
  cookies(): { name: string; value: string; url: string; secure: boolean; httpOnly: boolean; sameSite: 'Lax' }[] {
    return [...this.#cookies].map(([name, value]) => ({
      name,
      value,
      url: this.address.replace('http:', 'https:'),
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
    }));
  }

  /** The text of a page below the university. */
  async see(path: string): Promise<string> {
    const answer = await this.#ask(`/${this.slug}/${path}`, {});
    if (!answer.ok) {
      throw new Error(`GET ${path}: ${answer.status}`);
    }
    return answer.text();
  }

  /** Whether a page is shown and does not lead elsewhere: to the sign-in, once the session has ended. */
  async shown(path: string): Promise<boolean> {
    return (await this.#ask(path, {})).ok;
  }

  /** Posts an operation; the address it leads to. */
  async post(action: string, fields: Record<string, string>): Promise<string> {
    const body = new URLSearchParams({ tenant: this.slug, ...fields });
    return this.#lead(action, body);
  }

  /** Posts a form with a file below the university. */
  async upload(path: string, fields: Record<string, Part>): Promise<string> {
    const body = new FormData();
    body.append('tenant', this.slug);
    for (const [name, part] of Object.entries(fields)) {
      if (typeof part === 'string') {
        body.append(name, part);
      } else {
        body.append(name, new Blob([new Uint8Array(part.content)]), part.name);
      }
    }
    return this.#lead(`/${this.slug}/files/${path}`, body);
  }

  /** Posts the first form of a page that leads to `action`, with further fields. */
  async submit(page: string, action: string, fields: Record<string, string> = {}): Promise<string> {
    const [form] = forms(await this.see(page), action);
    if (form === undefined) {
      throw new Error(`${page} has no form for ${action}`);
    }
    return this.post(action, { ...form, ...fields });
  }

  async #lead(path: string, body: URLSearchParams | FormData): Promise<string> {
    const answer = await this.#ask(path, { method: 'POST', body });
    const to = answer.headers.get('location') ?? '';
    if (answer.status < 300 || answer.status >= 400 || to.includes('refused=')) {
      throw new Error(`POST ${path}: ${answer.status} ${to}`);
    }
    return to.replace(`/${this.slug}/`, '');
  }

  async #ask(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(this.address + path, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = (line.split(';')[0] ?? '').split('=', 2);
      if (name && value !== undefined) {
        this.#cookies.set(name, value);
      }
    }
    return answer;
  }
}

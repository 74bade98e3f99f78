/** A browser in a few lines, for tests without a network: keeps cookies, reads pages, posts forms as they stand on the page with what is typed into them. */
import type { FastifyInstance, LightMyRequestResponse } from "fastify";

export interface Visit {
  readonly status: number;
  /** The whole page. */
  readonly html: string;
  /** What a reader reads: without tags, spaces made plain. */
  readonly text: string;
  /** Where it leads to, when it does. */
  readonly location: string | undefined;
  readonly answer: LightMyRequestResponse;
}

export interface Browser {
  readonly open: (url: string) => Promise<Visit>;
  /** Posts to `action` with the token of the page seen last; opens the door's page first when there was none. */
  readonly post: (action: string, fields: Fields, headers?: { [name: string]: string }) => Promise<Visit>;
  /** The same, and then opens the page that it leads to. */
  readonly submit: (action: string, fields: Fields) => Promise<Visit>;
  readonly cookies: Map<string, string>;
}

export type Fields = { readonly [name: string]: string | readonly string[] };

const HOST = "cloud.example";

/** So that the pages of a login elsewhere are there; nobody listens where it leads. */
export const NOBODYS_IDENTITY = { issuer: "http://127.0.0.1:1", clientId: "trapeza", clientSecret: "secret", name: "Госуслуги" };

export function openBrowser(app: FastifyInstance, language = "ru"): Browser {
  const cookies = new Map<string, string>();
  let token = "";
  const keep = (answer: LightMyRequestResponse): Visit => {
    for (const line of [answer.headers["set-cookie"] ?? []].flat()) {
      const [, name, value, rest] = /^([^=]+)=([^;]*)(.*)$/.exec(line) as RegExpExecArray;
      if (value === "" || /Max-Age=0/i.test(rest)) cookies.delete(name);
      else cookies.set(name, value);
    }
    token = /name="form" value="([^"]*)"/.exec(answer.body)?.[1] ?? token;
    return {
      ...{ status: answer.statusCode, html: answer.body, answer },
      text: plain(answer.body),
      location: answer.headers.location,
    };
  };
  const headers = () => ({
    ...{ host: HOST, "accept-language": language },
    ...(cookies.size > 0 ? { cookie: [...cookies].map(([name, value]) => name + "=" + value).join("; ") } : {}),
  });
  const open = async (url: string) => keep(await app.inject({ url, headers: headers() }));
  const post: Browser["post"] = async (action, fields, more = {}) => {
    if (token === "") await open("/login");
    const typed = new URLSearchParams({ form: token });
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) typed.append(name, one);
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const payload = typed.toString();
    return keep(await app.inject({ method: "POST", url: action, payload, headers: { ...headers(), ...type, ...more } }));
  };
  return {
    ...{ open, post, cookies },
    async submit(action, fields) {
      const visit = await post(action, fields);
      return visit.location === undefined ? visit : open(visit.location);
    },
  };
}

/** What the page says became of the form before it, as `layout.tsx` draws it: a sentence, and whether with the tick or as a refusal. */
export function saying(html: string): { readonly sentence: string; readonly done: boolean } | null {
  const found = /<div role="(status|alert)"><p class="note (good|warning)">.*?<\/span><span>(.*?)<\/span><\/p><\/div>/.exec(html);
  if (!found) return null;
  const [, role, tone, sentence] = found;
  if ((role === "status") !== (tone === "good")) throw new Error("said as " + role + ", drawn as " + tone);
  return { sentence: plain(sentence), done: role === "status" };
}

export function plain(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replaceAll("\u00a0", " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

/** What holds for every page before anybody reads it: where scripts and styles may come from, and that a form was posted by one of our own pages. */
import helmet from "@fastify/helmet";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { TOKEN_FIELD } from "./form.js";
import type { Readers } from "./reader.js";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Posted by machines of others, who prove themselves by another way than a form's token. */
    readonly fromElsewhere?: boolean;
  }
}

export interface HeaderOptions {
  readonly readers: Readers;
  readonly secure: boolean;
  /** Other sites to which a form of ours may lead, as a bank's payment page: "https://pay.example". */
  readonly leadsTo: readonly string[];
  /** Answers whoever posts a form that is not of this browser. */
  readonly refuse: (request: FastifyRequest, reply: FastifyReply) => FastifyReply;
}

const FORM_TYPE = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

export async function guardPages(app: FastifyInstance, { readers, secure, leadsTo, refuse }: HeaderOptions): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        ...Object.fromEntries(
          ["style", "script", "font", "img", "connect", "manifest", "worker"].map((what) => [what + "Src", ["'self'"]]),
        ),
        formAction: ["'self'", ...leadsTo],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: "same-origin" },
    strictTransportSecurity: secure ? undefined : false,
    xFrameOptions: { action: "deny" },
  });
  app.addHook("preValidation", async (request, reply) => {
    if (request.method !== "POST" || request.routeOptions.config?.fromElsewhere) return;
    // Browsers say from which page a form comes; old ones say nothing, and for them there is the token.
    const { origin, host } = request.headers;
    const isForeign = origin !== undefined && hostOf(origin) !== host;
    const isForm = FORM_TYPE.test(request.headers["content-type"] ?? "");
    const token = isForm ? (request.body as { [name: string]: unknown } | null)?.[TOKEN_FIELD] : undefined;
    if (isForeign || (isForm && !readers.owns(request, token))) return refuse(request, reply);
  });
}

/** `null` for "null", too, which pages without an origin of their own send. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

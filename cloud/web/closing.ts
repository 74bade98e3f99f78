/** The end of the cloud's HTTP. */
import type { FastifyInstance } from "fastify";

/**
 * Lets those finish who are being answered before connections are cut and the store is closed behind them. To be called before there are routes. The signal is
 * for whoever waits only because there is nothing to say yet.
 */
export function finishBeforeClosing(app: FastifyInstance): AbortSignal {
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  app.addHook("onRoute", (route) => {
    const { handler } = route;
    route.handler = function (request, reply) {
      const answered = handler.call(this, request, reply);
      if (answered instanceof Promise) {
        underWay.add(answered);
        const forget = (): void => void underWay.delete(answered);
        answered.then(forget, forget);
      }
      return answered;
    };
  });
  app.addHook("preClose", async () => {
    closing.abort();
    await Promise.allSettled(underWay);
  });
  return closing.signal;
}

/** A parent at the door, without a browser: the page is opened, its form filled in and posted with what the page gave along. */

/** The cookies of whoever is logged in, as a header's value. */
export async function logIn(url: string, phone: string, password: string): Promise<string> {
  const door = await fetch(url + "/login");
  const form = /name="form" value="([^"]*)"/.exec(await door.text())?.[1] ?? "";
  const body = new URLSearchParams({ form, phone, password });
  const entered = await fetch(url + "/login", { method: "POST", body, redirect: "manual", headers: { cookie: cookiesOf(door) } });
  return cookiesOf(entered);
}

function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

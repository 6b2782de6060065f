// Speaking to the sandbox: its control interface for people and threads, the Mastodon API for everything one does.
let token = null;

async function call(method, path, body, headers = {}) {
  const form = body instanceof FormData;
  const answer = await fetch(path, {
    method,
    body: body === undefined || form ? body : JSON.stringify(body),
    headers: { ...(form || body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
  });
  const read = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(read.error ?? `${answer.status}`);
  return read;
}

export const hand = (method, path, body) => call(method, `/sandbox/${path}`, body);
export const api = (method, path, body, headers = {}) => call(method, path, body, { ...headers, Authorization: `Bearer ${token}` });

/** Become a person: from now on `api` speaks as them. */
export async function become(acct) {
  ({ token } = await hand("POST", "tokens", { handle: acct }));
  return token;
}

/** Listen to a person's stream; `heard` is called for every event, `state` with true and false as the line comes and goes. */
export function listen(heard, state) {
  let socket;
  let wait = 500;
  let ended = false;
  const open = () => {
    socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/v1/streaming?stream=user&access_token=${token}`);
    socket.onopen = () => { wait = 500; state(true); heard(); };
    socket.onmessage = heard;
    socket.onclose = () => {
      if (ended) return;
      state(false);
      setTimeout(open, wait);
      wait = Math.min(wait * 2, 10000);
    };
  };
  open();
  return () => { ended = true; socket.close(); };
}

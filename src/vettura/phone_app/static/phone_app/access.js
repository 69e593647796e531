// Signing in: OpenID Connect with code and PKCE as a public program; refresh tokens are taken once each (rotation).
// Tokens are kept encrypted with a key that no script can read out; the access token is in memory while the app is open.
import { forget, forgetAll, keep, recall } from "./kept.js";

const facts = document.documentElement.dataset;
const home = () => location.origin + facts.address;
const RENEW_BEFORE_MS = 60_000;

export class SignedOut extends Error {}
export class Offline extends Error {}

const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

const reached = async (url, options) => {
  try { return await fetch(url, { credentials: "omit", cache: "no-store", ...options }); } catch { throw new Offline(); }
};

const provider = async () => (await reached("/.well-known/openid-configuration")).json();

// -- the sealed box ---------------------------------------------------------------------------------------------------
const seal = async (tokens) => {
  let key = await recall("key");
  if (!key) {
    key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await keep("key", key);
  }
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(tokens)));
  await keep("access", { iv, sealed });
};

const unseal = async () => {
  const [key, box] = [await recall("key"), await recall("access")];
  if (!key || !box) return null;
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.sealed);
  return JSON.parse(new TextDecoder().decode(plain));
};

const taken = async (answer) => {
  const { access_token, refresh_token, expires_in } = await answer.json();
  const tokens = { access: access_token, refresh: refresh_token, until: Date.now() + expires_in * 1000, at: (await provider()).token_endpoint };
  await seal(tokens);
  return tokens;
};

const path = (url) => new URL(url).pathname;
const form = (entries) => ({ method: "POST", body: new URLSearchParams({ client_id: facts.client, ...entries }) });

// -- in and out -------------------------------------------------------------------------------------------------------
export const isSignedIn = async () => Boolean(await recall("access"));

export const signIn = async (language) => {
  const { authorization_endpoint } = await provider();
  const [verifier, state] = [random(), random()];
  sessionStorage.setItem("asked", JSON.stringify({ verifier, state }));
  const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  const query = new URLSearchParams({
    client_id: facts.client, response_type: "code", redirect_uri: home(), scope: facts.scopes, state, ui_locales: language,
    code_challenge: challenge, code_challenge_method: "S256",
  });
  location.assign(`${path(authorization_endpoint)}?${query}`);
};

// back from the sign-in page: the answer counts once, for the question that this tab asked, and from our own provider
export const finishSignIn = async () => {
  const answer = new URLSearchParams(location.search);
  if (!answer.has("state")) return;
  const asked = JSON.parse(sessionStorage.getItem("asked") ?? "null");
  sessionStorage.removeItem("asked");
  history.replaceState(null, "", facts.address);
  if (!asked || answer.get("state") !== asked.state || !answer.has("code")) return;
  const { token_endpoint, issuer } = await provider();
  if (answer.get("iss") !== issuer) return;
  const entries = { grant_type: "authorization_code", code: answer.get("code"), redirect_uri: home(), code_verifier: asked.verifier };
  const got = await reached(path(token_endpoint), form(entries));
  if (got.ok) await taken(got);
};

export const signOut = async () => {
  const tokens = await unseal().catch(() => null);
  await forgetAll();
  // whoever was here is told nothing more on this phone; for the platform it ends with the sign-in
  const here = await navigator.serviceWorker?.getRegistration(facts.address);
  await (await here?.pushManager?.getSubscription())?.unsubscribe().catch(() => {});
  if (tokens) await reached(path((await provider()).revocation_endpoint), form({ token: tokens.refresh })).catch(() => {});
};

// a token that is still good; two tabs never spend the same refresh token
export const token = () => navigator.locks.request("vettura access", async () => {
  const tokens = await unseal().catch(() => null);
  if (!tokens) throw new SignedOut();
  if (Date.now() < tokens.until - RENEW_BEFORE_MS) return tokens.access;
  const got = await reached(path(tokens.at), form({ grant_type: "refresh_token", refresh_token: tokens.refresh }));
  if (got.ok) return (await taken(got)).access;
  if (got.status >= 500 || got.status === 429) throw new Offline();
  await forgetAll();
  throw new SignedOut();
});

// a token that the platform no longer takes is not tried again
export const distrust = async (access) => {
  const tokens = await unseal().catch(() => null);
  if (tokens?.access === access) await seal({ ...tokens, until: 0 }).catch(() => forget("access"));
};

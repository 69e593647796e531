// What a relying party and its test say to each other: one line of JSON for each step, on standard output and input.
import { createInterface } from "node:readline";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

// the person does something in the browser; the answer is where the browser ended
export async function person(wish) {
  process.stdout.write(`${JSON.stringify(wish)}\n`);
  const { value } = await lines.next();
  return JSON.parse(value).at;
}

export function check(isTrue, what) {
  if (!isTrue) throw new Error(`not so: ${what}`);
  process.stdout.write(`${JSON.stringify({ done: what })}\n`);
}

export async function refusal(work) {
  try {
    await work();
  } catch (error) {
    return error.error ?? error.code ?? String(error);
  }
  return "nothing";
}

export const facts = JSON.parse(process.argv[2]);

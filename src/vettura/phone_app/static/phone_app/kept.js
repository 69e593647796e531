// What the app remembers on this phone, in IndexedDB: the last known state of cars with its time, and its sign-in.
const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

let opening = null;
const table = async (mode) => {
  opening ??= new Promise((done, failed) => {
    const request = indexedDB.open("vettura", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("kept");
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  return (await opening).transaction("kept", mode).objectStore("kept");
};

export const recall = async (name) => asked((await table("readonly")).get(name));
export const keep = async (name, value) => asked((await table("readwrite")).put(value, name));
export const forget = async (name) => asked((await table("readwrite")).delete(name));
// everything but what belongs to the phone itself: its language
export const forgetAll = async () => {
  const language = await recall("language");
  await asked((await table("readwrite")).clear());
  if (language) await keep("language", language);
};

// The check of camera and microphone: a live picture, a live level, and the missing thing by its name.
(() => {
  const box = document.getElementById("check");
  const button = box && box.querySelector("[data-check]");
  if (!button) return;
  const result = box.querySelector("[data-result]");
  const preview = box.querySelector("[data-preview]");
  const level = box.querySelector("[data-level]");
  const start = document.querySelector("[data-start]");
  box.querySelector("[data-needs-script]").hidden = false;

  const say = (name) => {
    result.textContent = box.dataset[name];
    result.dataset.verdict = name;
    const isBad = !["ok", "asking"].includes(name);
    if (start) start.disabled = isBad;
    if (isBad) box.querySelector("[data-hints]").open = true;
  };

  function listen(stream) {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const show = () => {
      analyser.getFloatTimeDomainData(samples);
      level.value = Math.max(...samples.map(Math.abs));
      if (stream.active) requestAnimationFrame(show);
    };
    show();
  }

  async function check() {
    if (!navigator.onLine) { say("offline"); return; }
    say("asking");
    const devices = navigator.mediaDevices ? await navigator.mediaDevices.enumerateDevices() : [];
    if (!devices.some((each) => each.kind === "videoinput")) { say("nocamera"); return; }
    if (!devices.some((each) => each.kind === "audioinput")) { say("nomicrophone"); return; }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
      preview.srcObject = stream;
      preview.hidden = level.hidden = false;
      listen(stream);
      say("ok");
      addEventListener("pagehide", () => { for (const track of stream.getTracks()) track.stop(); });
    } catch (problem) {
      say(problem.name === "NotFoundError" ? "nocamera" : "denied");
    }
  }

  button.addEventListener("click", check);
  addEventListener("offline", () => say("offline"));
  addEventListener("online", () => say("asking"));
})();

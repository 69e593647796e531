// The call: both sides show their camera; the agent's side makes the offer as soon as the person is there.
(() => {
  const root = document.getElementById("call");
  const isAgent = root.dataset.role === "agent";
  const state = document.getElementById("state");
  const mine = document.getElementById("mine");
  const theirs = document.getElementById("theirs");
  const say = (name) => { state.textContent = state.dataset[name]; state.dataset.now = name; };
  let stream, socket, peer, early = [], wasConnected = false, isOver = false;

  const send = (message) => { if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)); };

  function begin() {
    if (peer) peer.close();
    early = [];
    peer = new RTCPeerConnection({ iceServers: [] });
    for (const track of stream.getTracks()) peer.addTrack(track, stream);
    peer.ontrack = (event) => { theirs.srcObject = event.streams[0]; };
    peer.onicecandidate = (event) => { if (event.candidate) send({ type: "candidate", candidate: event.candidate }); };
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === "connected") { wasConnected = true; say("connected"); }
      if (["failed", "disconnected"].includes(peer.connectionState)) say("left");
    };
  }

  async function described(description) {
    await peer.setRemoteDescription(description);
    for (const candidate of early.splice(0)) await peer.addIceCandidate(candidate);
  }

  async function hear(message) {
    if (message.type === "presence") {
      const other = isAgent ? "person" : "agent";
      if (!message.who.includes(other)) { say(wasConnected ? "left" : "waiting"); return; }
      if (isAgent) {
        begin();
        await peer.setLocalDescription(await peer.createOffer());
        send({ type: "offer", description: peer.localDescription });
      }
    } else if (message.type === "offer" && !isAgent) {
      begin();
      await described(message.description);
      await peer.setLocalDescription(await peer.createAnswer());
      send({ type: "answer", description: peer.localDescription });
    } else if (message.type === "answer" && isAgent) {
      await described(message.description);
    } else if (message.type === "candidate" && peer) {
      if (peer.remoteDescription) await peer.addIceCandidate(message.candidate); else early.push(message.candidate);
    } else if (message.type === "decided" && !isAgent) {
      isOver = true;
      location.assign(message.to);
    }
  }

  function connect() {
    const here = location.pathname.replace(/\/(decision)?$/, "");
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${here}/signals`);
    let turn = Promise.resolve();
    socket.onmessage = (event) => { const message = JSON.parse(event.data); turn = turn.then(() => hear(message)).catch(() => say("left")); };
    socket.onclose = (event) => { if (!isOver && event.code < 4000) setTimeout(connect, 2000); };
  }

  async function take(button) {
    const kind = button.dataset.picture;
    const canvas = document.createElement("canvas");
    canvas.width = theirs.videoWidth; canvas.height = theirs.videoHeight;
    if (!canvas.width) return;
    canvas.getContext("2d").drawImage(theirs, 0, 0);
    const picture = await new Promise((done) => canvas.toBlob(done, "image/png"));
    const answer = await fetch(`${location.pathname.replace(/\/(decision)?$/, "")}/pictures/${kind}`, { method: "POST", body: picture });
    document.getElementById(`taken-${kind}`).textContent = answer.ok ? "taken" : "not taken";
  }

  for (const button of document.querySelectorAll("[data-picture]")) button.addEventListener("click", () => take(button));
  navigator.mediaDevices.getUserMedia({ video: true, audio: true }).then((found) => {
    stream = found; mine.srcObject = found; say("waiting"); connect();
  }).catch(() => say("denied"));
})();

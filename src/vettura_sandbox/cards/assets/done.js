// Tells the page around the frame that the challenge is over.
parent.postMessage({ sandbox: "challenge-over" }, location.origin);

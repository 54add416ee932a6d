// Lets the buttons with data-hertz sound. Below 20 Hz nothing is heard: the frequency then beats a tone of 220 Hz.
(() => {
  "use strict";
  const SECONDS = 3, QUIET = 0.15, AUDIBLE = 20, CARRIER = 220;
  let context = null;

  function play(hertz) {
    context = context || new AudioContext();
    const now = context.currentTime, tone = context.createOscillator(), volume = context.createGain();
    tone.frequency.value = hertz < AUDIBLE ? CARRIER : hertz;
    volume.gain.setValueAtTime(0, now);
    volume.gain.linearRampToValueAtTime(QUIET, now + 0.05);
    volume.gain.setValueAtTime(QUIET, now + SECONDS - 0.2);
    volume.gain.linearRampToValueAtTime(0, now + SECONDS);
    tone.connect(volume);
    if (hertz < AUDIBLE) {
      const beat = context.createOscillator(), depth = context.createGain(), swell = context.createGain();
      beat.frequency.value = hertz;
      depth.gain.value = 0.5;
      swell.gain.value = 0.5;
      beat.connect(depth).connect(swell.gain);
      volume.connect(swell).connect(context.destination);
      beat.start(now);
      beat.stop(now + SECONDS);
    } else {
      volume.connect(context.destination);
    }
    tone.start(now);
    tone.stop(now + SECONDS);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-hertz]");
    if (button) {
      event.preventDefault();
      play(Number(button.dataset.hertz));
    }
  });
})();

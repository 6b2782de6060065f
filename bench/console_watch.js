// Watches a page from within: the time from one frame to the next, and how long a key waits for its picture.
;(() => {
  let frames = []
  let keys = []
  let last
  const observe = (type, take, more) =>
    new PerformanceObserver(list => list.getEntries().forEach(take)).observe({ type, ...more })
  // Told from 16 ms on, in steps of 8 ms; what is not told was quicker.
  observe('event', one => one.name === 'keydown' && keys.push(one.duration), { durationThreshold: 16 })
  const frame = now => {
    if (last !== undefined) frames.push(now - last)
    last = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  window.__watch = {
    begin() {
      frames = []
      keys = []
      last = undefined
    },
    // The observer is told a little later than it happened.
    end: () => new Promise(done => setTimeout(() => done({ frames, keys }), 200)),
  }
})()

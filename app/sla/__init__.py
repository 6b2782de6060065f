"""The promise: policies, calendars and the clocks that watch them."""

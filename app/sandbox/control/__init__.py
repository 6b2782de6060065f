"""The hand behind the network: what a test, the demo and the page may do that no client API offers."""

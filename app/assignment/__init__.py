"""Who gets it: by itself in a brand's own way, by taking the next one, or handed over."""

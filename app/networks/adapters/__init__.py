"""One folder for each network; the folder is the whole of it."""

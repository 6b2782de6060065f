"""What is wrong with an installation, in words, for whoever is called at three in the morning."""

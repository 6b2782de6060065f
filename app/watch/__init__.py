"""What an operator's machines ask of a process: whether it lives, whether it can work, and how the work goes."""

"""The promise engine proves itself."""

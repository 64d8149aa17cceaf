"""Measured side by side, never asserted: `make bench` (design/performance.md says what and why)."""

"""The words of the `octopus` command, one file each: parse, open, act, print.

What they share is in opening.py and trouble.py.
"""

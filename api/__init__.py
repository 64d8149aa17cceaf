"""HOW IT IS REACHED AND RUN.

Every socket, file, environment variable and process. Wires real things together; holds no rule.
"""

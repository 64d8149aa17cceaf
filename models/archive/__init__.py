"""THE COPY: everything held about one person, collected by the inventory, as one signed archive (3.1, 4.2.2).

Stands between tables and actions: it knows how an archive looks and is checked, not who may ask for one and when it
goes.
"""

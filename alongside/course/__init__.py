"""What the curriculum says: lessons, stories, sources and terms, read from files and checked.

``lesson`` is the only reader of notebooks, ``entry`` the one checked reader of YAML; ``scenarios`` and ``references`` read
data/, ``about`` makes the pages about the course, and ``place`` knows where everything lies.
"""

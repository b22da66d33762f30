"""The room: phones answer one question at a time, and the screen says what two counters with a cup would say.

``questions`` reads what is asked; ``counts`` decides what may be said of counts, and nothing else does; ``hall`` holds what is
open, what was answered and what was shown; ``keep`` writes what was shown, ``phones`` tells phones apart without knowing them;
``app`` is the pages over HTTP, ``server`` the process. Nothing here says or writes how many answered.
"""
